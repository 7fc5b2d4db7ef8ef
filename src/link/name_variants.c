/* SPDX-License-Identifier: Apache-2.0
 *
 * Forms of one given name that neither letters nor sounds bring together: pet names, and the forms
 * it has in other languages. And numbers in words. A row is one name; a word may stand in several.
 */
#include "link/name_variants.h"

/* clang-format off */
static const char *const rows[] = {
    "abd abdel abdul abdal abdoul abdur abder", "abraham avraham ibrahim ebrahim abe", "alexander aleksandr alejandro alessandro alexandre iskandar alex sasha sandro oleksandr alexandros aleksandar",
    "alexandra sandra sasha alejandra", "alfred alf fred", "andrew andrei andrey andre andreas andres anders andrzej ondrej drew andy",
    "anna anne ann ana hannah anja anya", "anthony antonio anton antoine antoni tony", "barack barry", "barbara barb babs", "benedict benedikt benito ben",
    "benjamin ben benny binyamin", "catherine katherine katharina ekaterina katerina catarina catalina caterina kate kathy katie cathy katya",
    "charles carlos carlo karl carl karol karel charlie chuck", "christian cristian chris", "christopher christoph christophe cristobal kristof chris",
    "daniel dan danny danil", "david dave dawud daud davide", "deborah debbie deb", "dmitry dmitri dima dimitri dimitrios", "dominic dominik domenico domingo",
    "donald don donnie", "edward eduard eduardo ed eddie ted ned", "elizabeth elisabeth isabel isabella elisabetta liz beth betty lisa elsa",
    "emily emilia emma", "eric erik", "eugene yevgeny evgeny eugenio gene", "francis francisco francesco francois franz frank frans paco pancho",
    "frederick friedrich frederik federico frederic fred freddy fritz", "gabriel gabriele jibril gabe", "georgios george georg jorge giorgio georges yuri yury jerzy georgy giorgi",
    "gerald gerard gerhard gerardo jerry gerry", "gregory grigory gregor gregorio greg", "helen elena helena eleni yelena olena nell",
    "henry heinrich henri enrique enrico hendrik henrik harry hank", "ignatius ignacio nacho", "isaac ishaq yitzhak", "ivan ioannis giannis john johann johannes juan giovanni jean jan joao yahya ian sean jack hans johnny yohanan",
    "jacob jakob james jaime jacques giacomo yakov yaakov yaqub jim jimmy diego santiago", "jennifer jenny jen", "jeremiah jeremy jerry", "jerome hieronymus geronimo",
    "jessica jess jessie", "joachim joaquin", "joseph josef jose giuseppe yosef yusuf youssef josip jozef iosif joe joey pepe", "joshua josh yehoshua",
    "judith judy yehudit", "julius julio giulio jules", "kenneth ken kenny", "konstantinos konstantin constantine costas kostas", "lawrence laurence lorenzo laurent lars lorenz larry",
    "leonard leonardo leo len", "louis luis luigi ludwig lewis ludovic lou", "luke lucas lukas luca luc", "margaret margarita margherita marguerite peggy maggie meg greta rita",
    "mark marco marcus markus marc marek", "mary maria marie miriam maryam mariam mariya", "martha marta", "matthew matteo mateo mathieu matthias mateusz matt matty",
    "michael mikhail miguel michele michel michal mikhael mike mick misha mickey", "mohammed muhammad mohamed mahomet mehmet mahmadou mamadou", "moses moshe musa moussa moise",
    "nathan nathaniel nat", "nicholas nikolai nikolay nicolas nicola niccolo nikolaos nikos mikolaj nick kolya klaus niko", "noah nuh", "olga helga",
    "patrick patricio padraig pat paddy", "patricia pat patty trish", "paul pablo paolo pavel paulo pawel bulus pal", "peter pedro pietro pierre piotr petr pyotr pieter petros petar boutros pete",
    "philip filippo felipe philippe filip phil", "rachel raquel rahil", "ralph raoul raul rolf", "raymond ramon ray", "rebecca becky becca rivka", "richard ricardo riccardo rick dick rich ricky",
    "robert roberto rob bob bobby robbie rupert", "roland orlando rolando", "ronald ron ronnie", "rose rosa", "samuel sam sammy shmuel", "sarah sara sally", "sebastian sebastiano sebastien seb",
    "simon simeon shimon semyon", "solomon suleiman sulayman shlomo salomon", "sophia sofia sophie sonya", "stephen steven stefan stefanos esteban stefano etienne stepan istvan steve",
    "susan susanna suzanne sue susie", "theodore fyodor teodoro fedor ted theo", "thomas tomas tommaso tom tommy tomasz", "timothy timofey timoteo tim", "valentin valentino",
    "victor viktor vittorio vic", "vincent vicente vincenzo vince", "vladimir volodymyr vova volodya", "walter gualtiero walt", "william wilhelm guillermo guillaume guglielmo willem bill will billy willy liam",
    "zachary zacharias zakariya zakaria zach",
    /* Korean and Chinese family names in their other spellings. */
    "lee yi rhee ri li", "park pak bak", "choi choe", "kim gim", "jung jeong chung chong cheong", "kang gang", "cho jo", "lim im rim", "yoon yun", "shin sin", "oh o",
    "noh roh no", "ryu yoo yu ryoo", "wong huang wang", "chan chen tan", "cheung zhang chang teo", "chow zhou chou", "ng wu goh", "lam lin lim", "leung liang", "lau liu low", "yeung yang", "tsang zeng", "tsai cai choy", "hsu xu",
    "hsieh xie tse", "hsi xi", "hsiao xiao siu", "chiang jiang", "kwok guo kuo", "cheng zheng tay", "yip ye yeh",
    /* Words of companies, shortened. */
    "international intl internat int", "brothers bros hermanos", "manufacturing mfg", "department dept", "university univ", "association assn assoc",
    "government govt", "technologies tech technology", "services svcs service", "management mgmt", "industries ind industry", "national natl", "saint st",
    "organization organisation org", "center centre", "transport transportes transports", "shipping shpg",
    /* Numbers. */
    "1 1st first one i", "2 2nd second two ii", "3 3rd third three iii", "4 4th fourth four iv", "5 5th fifth five", "6 6th sixth six vi", "7 7th seventh seven vii", "8 8th eighth eight viii", "9 9th ninth nine ix", "10 10th tenth ten",
};
/* clang-format on */

static bool stands_in(const char *row, struct bytes word)
{
    size_t len;
    for (const char *at = row; *at != '\0'; at += len + (at[len] != '\0')) {
        len = strcspn(at, " ");
        if (len == word.len && memcmp(at, word.at, len) == 0)
            return true;
    }
    return false;
}

bool name_variants(struct bytes a, struct bytes b)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (stands_in(rows[i], a) && stands_in(rows[i], b))
            return true;
    return false;
}
