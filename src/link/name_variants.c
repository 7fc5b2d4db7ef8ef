/* SPDX-License-Identifier: Apache-2.0
 *
 * Forms of one given name that neither letters nor sounds bring together: pet names, and the forms
 * it has in other languages. And numbers in words. A row is one name; a word may stand in several.
 */
#include "link/name_variants.h"

#include "base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

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

enum { ROWS = sizeof rows / sizeof *rows, WORDS_MAX = 2048 };

struct entry {
    struct bytes word;
    size_t row;
};

/* Every word of every row, sorted; made at first use and never changed after. */
static struct entry entries[WORDS_MAX];
static size_t entry_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int entry_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = bytes_compare(a->word, b->word);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static void make_entries(void)
{
    for (size_t row = 0; row < ROWS; row++) {
        struct bytes word, rest = bytes_text(rows[row]);
        while (text_next_word(&word, &rest, " ")) {
            assert(entry_count < WORDS_MAX);
            entries[entry_count++] = (struct entry){word, row};
        }
    }
    qsort(entries, entry_count, sizeof *entries, entry_order);
}

/* The first entry of a word, or entry_count. */
static size_t first_entry(struct bytes word)
{
    size_t low = 0, high = entry_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (bytes_compare(entries[middle].word, word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < entry_count && bytes_equal(entries[low].word, word) ? low : entry_count;
}

bool name_variants(struct bytes a, struct bytes b)
{
    pthread_once(&once, make_entries);
    size_t i = first_entry(a), j = i < entry_count ? first_entry(b) : entry_count;
    while (i < entry_count && j < entry_count && bytes_equal(entries[i].word, a) &&
           bytes_equal(entries[j].word, b)) {
        if (entries[i].row == entries[j].row)
            return true;
        if (entries[i].row < entries[j].row)
            i++;
        else
            j++;
    }
    return false;
}
