/* SPDX-License-Identifier: Apache-2.0
 *
 * Forms of one given name that neither letters nor sounds bring together: pet names, and the forms
 * it has in other languages. And numbers in words. A row is one name; a word may stand in several.
 * link/name_known.c has the names of which nothing more is said than that each is one.
 */
#include "link/name_variants.h"

#include "base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/* clang-format off */
static const char *const rows[] = {
    "abd abdel abdul abdal abdoul abdur abder", "abraham avraham ibrahim ibrahima ebrahim brahim abe", "alexander aleksandr alejandro alessandro alexandre iskandar alex sasha sandro oleksandr alexandros aleksandar",
    "alexandra aleksandra alessandra oleksandra sandra sasha alejandra", "alfred alf fred", "andrew andrei andrey andre andreas andres anders andrzej ondrej drew andy",
    "anna anne ann ana hannah anja anya", "anthony antonio anton antoine antoni tony", "barack barry", "barbara barb babs", "benedict benedikt benito ben",
    "benjamin ben benny binyamin bnimin", "catherine katherine katalin katarzyna katharina ekaterina katerina catarina catalina caterina kate kathy katie cathy katya",
    "charles chas carlos carlo karl carl karol karel charlie chuck", "christian cristian kristian krystian chris", "christopher christoph christophe cristobal kristof chris",
    "daniel dan danny danil", "david dave davi davit dawit dawud daud davide dawd", "deborah debbie deb", "dmitry dmitri dima dimitri dimitrios", "dominic dominik domenico domingo",
    "donald don donnie", "edward eduard eduardo ed eddie ted ned", "elizabeth elisabeth elisabet elzbieta erzsebet alzbeta elizaveta yelizaveta isabel isabella elisabetta liz beth betty lisa elsa",
    "emily emilia emma", "eric erik", "eugene yevgeny evgeny eugenio gene", "francis francisco fco francesco francois franz frank frans paco pancho",
    "frederick friedrich frederik federico frederic fred freddy fritz", "gabriel gabriele jibril gabe", "georgios giorgos yiorgos george geo gyorgy gheorghe gheorghi georg jorge giorgio georges yuri yury jerzy georgy giorgi",
    "gerald gerard gerhard gerardo jerry gerry", "gregory grigory gregor gregorio greg", "helen elena helena eleni yelena olena nell",
    "henry heinrich henryk henri enrique enrico hendrik henrik harry hank", "ignatius ignacio nacho", "isaac ishaq yitzhak", "ivan janos ioannis giannis john johann johannes juan giovanni jean jan joao yahya ian sean shaun shawn jack hans johnny yohanan",
    "jacob jakob james jaime jacques giacomo yakov yaakov yaqub jim jimmy diego santiago", "jennifer jenny jen", "jeremiah jeremy jerry", "jerome hieronymus geronimo",
    "jessica jess jessie", "joachim joaquin", "joseph jos josef jose giuseppe yosef yusuf youssef youssouf issouf yousef yousuf iosif josip jozef jozsef iosif joe joey pepe yusf", "joshua josh yehoshua",
    "judith judit judy yehudit", "julius julio giulio jules", "kenneth ken kenny", "konstantinos konstantin constantine costas kostas", "lawrence laurence lorenzo laurent lars lorenz larry",
    "leonard leonardo leo len", "louis luis luigi ludwig lewis ludovic lou", "luke lucas lukas luka lukasz luca luc", "margaret margarita margherita marguerite peggy maggie meg greta rita",
    "mark marko marco marcus markus marc marek", "mary maria ma marie miriam maryam mariam mariya", "martha marta", "matthew matteo mateo mathieu matthias mateusz matt matty",
    "michael mikhail miguel michele michel michal mikhael mike mick misha mickey", "mohammed muhammad mohamed md mohd muhd moh mahomet mehmet mahmadou mamadou", "moses moshe musa moussa moise",
    "nathan nathaniel nat", "nicholas mykola nikolai nikolay nicolas nicola niccolo nikolaos nikos mikolaj nick kolya klaus niko", "noah nuh", "olga helga",
    "patrick patricio padraig pat paddy", "patricia pat patty trish", "paul pablo paolo pavel pawel paulo pawel bulus pal", "peter pedro pietro pierre piotr petr pyotr pieter petros petar boutros pete",
    "philip filippo felipe philippe filip phil", "rachel raquel rahil", "ralph raoul raul rolf", "raymond ramon ray", "rebecca becky becca rivka", "richard ricardo riccardo rick dick rich ricky ryszard",
    "robert robt roberto rob bob bobby robbie", "roland orlando rolando", "ronald ron ronnie", "rose rosa", "samuel sam sammy shmuel", "sarah sara sally", "sebastian sebastiano sebastien seb",
    "simon simeon szymon shimon semyon", "solomon suleiman souleymane suleyman soliman sulayman shlomo salomon sliman", "sophia sofia sofiya zofia sophie sonya", "stephen steven stefan stefanos esteban stefano etienne stepan istvan steve",
    "susan susanna suzanne sue susie", "theodore fyodor teodoro fedor ted theo", "thomas thos tomas tommaso tom tommy tomasz tamas tuomas", "timothy timofey timoteo tim", "valentin valentino",
    "victor viktor vittorio vic", "vincent vicente vincenzo vince", "vladimir volodymyr vova volodya", "walter gualtiero walt", "william wm wilhelm guillermo guillaume guglielmo willem bill will billy willy liam",
    "yahya yaya yehia", "zachary zacharias zakariya zakaria zach",
    "dijk dyk dyck dijck",
    /* Written short, in Spanish. */
    "hernandez hdez", "fernandez fdez", "rodriguez rdguez rguez rdz", "gonzalez glez gzlez", "martinez mtnez mtz", "gutierrez gtz gutz", "dominguez dguez", "guadalupe gpe",
    /* West African family names as French and as English neighbours write them. */
    "diallo jallow djalo jalloh", "diawara jawara", "diarra jarra", "cisse ceesay sesay", "toure touray", "ndiaye njie", "diop jobe", "thiam cham", "diatta jatta", "sissoko cissokho cissoko sissokho", "diagne jagne", "sarr saar", "sane sanneh", "conde konde", "fofana fofanah", "conte conteh", "keita keitah", "kone koneh", "camara kamara",
    /* Korean and Chinese family names in their other spellings. */
    "lee yi rhee ri li", "park pak bak", "choi choe", "kim gim", "jung jong jeong chung chong cheong", "kang gang", "woo u wu", "hoon hun", "joon jun chun", "young yong yeong", "hyun hyon hyeon", "sun son seon soon", "kyung kyong gyeong", "hee hui", "wha hwa", "myung myong myeong", "soo su", "jin chin", "geun kun keun", "chul chol cheol", "cho jo", "lim im rim", "yoon yun", "shin sin", "oh o",
    "noh roh no", "ryu yoo yu ryoo", "wong huang wang", "chan chen tan", "cheung zhang chang teo", "chow zhou chou", "ng wu goh", "lam lin lim", "leung liang", "lau liu low", "yeung yang", "tsang zeng", "tsai cai choy", "hsu xu",
    "hsieh xie tse", "hsi xi", "hsiao xiao siu", "chiang jiang", "kwok guo kuo", "cheng zheng tay", "yip ye yeh",
    /* Words of companies, shortened. */
    "international intl internat int", "brothers bros hermanos hnos gebr gebruder gebrueder freres fratelli irmaos broers broeders", "manufacturing mfg", "department dept", "university univ", "association assn assoc",
    "government govt", "technologies tech technology", "services svcs service", "management mgmt", "industries ind industry", "national natl", "saint st",
    "organization organisation org", "center centre", "transport transportes transports", "shipping shpg", "engineering eng engg", "construction constr const", "distribution distr", "development dev", "commercial coml", "petroleum petrol", "corporation corp", "enterprises ent",
    /* Numbers. */
    "1 1st first one i uno primero primera premier premiere erste", "2 2nd second two ii dos dois deux zwei segundo segunda deuxieme zweite", "3 3rd third three iii tres trois drei tercero tercera troisieme dritte", "4 4th fourth four iv cuatro quatro quatre vier",
    "5 5th fifth five cinco cinq", "6 6th sixth six vi seis", "7 7th seventh seven vii siete sete sept sieben", "8 8th eighth eight viii ocho oito huit acht", "9 9th ninth nine ix nueve nove neuf neun", "10 10th tenth ten diez dez dix zehn",
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows, WORDS_MAX = 8192 };

/* A language has names of its own: of two of one language neither is the other misspelt, of two
 * of different ones either may be the other's spelling. */
struct entry {
    struct bytes word;
    size_t row, language; /* language 0: of several */
};

/* Every word of every row, sorted; made at first use and never changed after. Rows of forms come first,
 * then those of names that are known, then those of things. */
static struct entry entries[WORDS_MAX];
static size_t entry_count, first_of_things;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int entry_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = bytes_compare(a->word, b->word);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static void add_row(struct bytes text, size_t row, size_t language)
{
    struct bytes word;
    while (text_next_word(&word, &text, " ")) {
        assert(entry_count < WORDS_MAX);
        entries[entry_count++] = (struct entry){word, row, language};
    }
}

/* One language a line, from the row on. Returns the row behind the last. */
static size_t add_known(const char *const *lines, size_t row)
{
    for (size_t i = 0; lines[i] != NULL; i++) {
        struct bytes name, rest = bytes_text(lines[i]);
        while (text_next_word(&name, &rest, ","))
            add_row(name, row++, i + 1);
    }
    return row;
}

static void make_entries(void)
{
    for (size_t row = 0; row < ROWS; row++)
        add_row(bytes_text(rows[row]), row, 0);
    first_of_things = add_known(name_known_people, ROWS);
    add_known(name_known_things, first_of_things);
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

enum name_forms name_forms(struct bytes a, struct bytes b, enum name_kind kind)
{
    enum name_forms forms = NAME_FORMS_UNKNOWN;
    pthread_once(&once, make_entries);
    size_t first_a = first_entry(a), first_b = first_entry(b);
    for (size_t i = first_a; i < entry_count && bytes_equal(entries[i].word, a); i++)
        for (size_t j = first_b; j < entry_count && bytes_equal(entries[j].word, b); j++) {
            const struct entry *one = &entries[i], *other = &entries[j];
            bool things = one->row >= first_of_things;
            if (things != (other->row >= first_of_things) ||
                (things && kind == NAME_PERSON))
                continue;
            if (one->row == other->row)
                return NAME_FORMS_ONE;
            if (one->language == other->language || one->language == 0 ||
                other->language == 0)
                forms = NAME_FORMS_TWO;
            else if (forms == NAME_FORMS_UNKNOWN)
                forms = NAME_FORMS_ELSEWHERE;
        }
    return forms;
}

bool name_is_known(struct bytes word, enum name_kind kind)
{
    pthread_once(&once, make_entries);
    size_t at = first_entry(word);
    return at < entry_count && (kind == NAME_COMPANY || entries[at].row < first_of_things);
}
