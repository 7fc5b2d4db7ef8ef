/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stddef.h>

#define FORMAT_OPTION                                                                      \
    {                                                                                      \
        "format", "ids|ftm|csv", "what the file is; else it is recognised"                 \
    }

/* What all commands of a node share. */
/* clang-format off */
#define PURPOSE_OPTION                                                                     \
    {"purpose", "P", "wanted, identification, investigation, alert, bodies, forensic, "    \
                     "security-check, border or trends; else the node's own"}
#define NODE_OPTIONS                                                                       \
    {"node", "DIR", "the node's folder, -n for short; else the variable ENLACE_NODE"},     \
    {"basis", "TEXT", "the legal basis or reason; kept with the entry of the act"},        \
    {"case", "REF", "for this case"},                                                      \
    PURPOSE_OPTION,                                                                        \
    {"as", "USER", "play this user; only where init said --fiction"}
#define WATCH_OPTIONS                                                                      \
    {"alarms-per-year", "N", "how many alerts a year may come for nothing; else 1"},       \
    {"calibrate-until", "DATE", "only earlier days set the threshold; else those before "  \
                                "the first day judged"},                                   \
    {"seed", "N", "of the shuffled histories that set the threshold; else 1"},             \
    {"map", "FILE", "how the columns of a CSV become properties"},                         \
    FORMAT_OPTION
/* clang-format on */

const struct command commands[] = {
    {
        .name = "init",
        .synopsis = "DIR",
        .summary = "make a node: a folder in which an agency keeps its records",
        .description =
            "Makes the folder, the node's keys and its database. Whoever runs it is the "
            "first user: analyst, and administrator until a second user takes one of the "
            "two.\n\n"
            "Where the variable ENLACE_PASSPHRASE_FILE names a file, its first line seals "
            "the node's keys, and every later command needs it too. A forgotten "
            "passphrase is a lost node.",
        .options =
            {{"code", "XA", "code of the agency: letters, digits, hyphens"},
             {"name", "N", "its name, for people"},
             {"country", "XX", "ISO 3166; XA to XZ are fictional. Phones are read with it"},
             {"language", "es", "en, es, fr or pt"},
             {"fiction", NULL,
              "the node holds invented data only: marks every entry, cannot be unset, and "
              "allows --as"},
             PURPOSE_OPTION},
        .run = run_init,
    },
    {
        .name = "user add",
        .synopsis = "LOGIN [NAME]",
        .summary = "let somebody in, in stated roles",
        .description =
            "LOGIN is the name the operating system knows the person by. The administrator "
            "and the overseer hold no other role; the first user gives up the one that a "
            "second user takes. From the second user on the node is used through its "
            "service (enlace serve), which everybody reaches from their own account.",
        .options = {{"role", "ROLE,...",
                     "analyst, investigator, prosecutor, liaison, supervisor, overseer, "
                     "administrator"},
                    NODE_OPTIONS},
        .alone = true,
        .run = run_user_add,
    },
    {
        .name = "user role",
        .synopsis = "LOGIN ROLE,...",
        .summary = "change somebody's roles",
        .description =
            "The roles from now on; \"\" takes them all away. Nobody changes their own.",
        .options = {NODE_OPTIONS},
        .alone = true,
        .run = run_user_role,
    },
    {
        .name = "user list",
        .synopsis = "",
        .summary = "list the users and their roles",
        .description = "For administrators, supervisors and overseers.",
        .options = {NODE_OPTIONS},
        .alone = true,
        .brief = true,
        .run = run_user_list,
    },
    {
        .name = "case new",
        .synopsis = "REF [TITLE]",
        .summary = "open a case; you are its first member",
        .description =
            "REF is the agency's own reference. Records that are filed in a case are "
            "shown to its members alone.",
        .options = {NODE_OPTIONS},
        .run = run_case_new,
    },
    {
        .name = "case list",
        .synopsis = "",
        .summary = "list the cases you belong to",
        .description = "Others are not shown, nor that they exist.",
        .options = {NODE_OPTIONS},
        .brief = true,
        .run = run_case_list,
    },
    {
        .name = "case show",
        .synopsis = "REF",
        .summary = "list the records of a case",
        .description = "For its members. Reading is an act, and an entry of the log like "
                       "any other.",
        .options = {NODE_OPTIONS},
        .brief = true,
        .run = run_case_show,
    },
    {
        .name = "case member",
        .synopsis = "REF LOGIN",
        .summary = "let somebody into a case, or out of it",
        .description = "By a member of the case, or a supervisor. The last member stays.",
        .options = {{"remove", NULL, "out of the case"}, NODE_OPTIONS},
        .run = run_case_member,
    },
    {
        .name = "import",
        .synopsis = "FILE",
        .summary = "take in a file of records",
        .description = "Reads seizures (UNODC IDS CSV), FollowTheMoney JSON lines, or any "
                       "CSV with a mapping "
                       "file, plain or gzip. Each record is an act of its own. Rows that "
                       "cannot be used go "
                       "into a rejects file with their reasons.\n\n"
                       "The same file imported again adds nothing; a row that changed gets "
                       "a new version. "
                       "Ctrl-C stops without loss, and the same command goes on.",
        .options = {FORMAT_OPTION,
                    {"map", "FILE", "how the columns of a CSV become properties"},
                    {"rejects", "FILE", "write the rows that cannot be used there"},
                    NODE_OPTIONS},
        .writes = {"rejects"},
        .run = run_import,
    },
    {
        .name = "new",
        .synopsis = "SCHEMA [property=value ...]",
        .summary = "type a record, checked while you type",
        .description = "A property is written name=value, several times for several "
                       "values; what stands around the record with an @ (@status=witness, "
                       "@handling=H1, @evaluation=4x4:B2); your own reference as id=REF. "
                       "Without any, lines of the same form are read from standard input "
                       "up to an empty one.\n\n"
                       "A value that cannot be right is refused, with what it may have "
                       "been meant to be; a doubtful one is taken and told.",
        .options = {{"try", NULL, "only say what is wrong with it; keep nothing"},
                    NODE_OPTIONS},
        .run = run_new,
    },
    {
        .name = "edit",
        .synopsis = "ID property=value ...",
        .summary = "change a record; the old version stays",
        .description =
            "A property that is named gets the values given, and none when nothing "
            "stands behind the =. All others stay as they are.",
        .options = {NODE_OPTIONS},
        .run = run_edit,
    },
    {
        .name = "show",
        .synopsis = "ID",
        .summary = "show a record",
        .description =
            "Reading is an act, and an entry of the log like any other.\n\n"
            "With --history a line each version says when, by whom and what was changed; "
            "--version shows the record as it was in that one.",
        .options = {{"history", NULL, "all its versions, and what each changed"},
                    {"version", "N", "as it was then; 1 is the first"},
                    NODE_OPTIONS},
        .brief = true,
        .run = run_show,
    },
    {
        .name = "find",
        .synopsis = "TEXT | --key class:value",
        .summary = "find records by what they are called, or by an identifier",
        .description =
            "TEXT is a name in any script, or an identifier in any notation (a phone, a "
            "container, an account ...), or a part of one. Slips are forgiven: a letter "
            "more, less or other, words in another order, initials, what only sounds "
            "alike. The best come first, with the reason.\n\n"
            "A person's name with the birth date behind it (\"Ana Lima 1984-03-12\", or "
            "12 March 1984, 12.03.1984) is looked for as a key, too. A date alone is "
            "not.\n\n"
            "A key is cleaned as one that stands in a record: \"phone:00999 55 000 1234\" "
            "finds +999550001234.\n\n"
            "Only what you may see is shown, and the log keeps, sealed, what was looked "
            "for and shown.",
        .options = {{"key", "CLASS:VALUE", "one key, as `enlace keys` writes it"},
                    {"limit", "N", "at most so many; 20 when not given, and of a key all"},
                    NODE_OPTIONS},
        .brief = true,
        .run = run_find,
    },
    {
        .name = "near",
        .synopsis = "ID",
        .summary = "show what is tied to a record",
        .description =
            "What it names or is named by (owner, holder, vessel ...), and what has an "
            "identifier in common with it, in every case you belong to. A record that "
            "links two others, such as an Ownership, counts as the line between them.\n\n"
            "Each record that is looked around in is an act of the log.",
        .options = {{"steps", "N", "how far; 1 when not given"}, NODE_OPTIONS},
        .brief = true,
        .run = run_near,
    },
    {
        .name = "path",
        .synopsis = "A B",
        .summary = "show the shortest chain of ties between two records",
        .description = "Through whatever you may see, within a case and across.",
        .options = {{"steps", "N", "at most so many; 8 when not given"}, NODE_OPTIONS},
        .brief = true,
        .run = run_path,
    },
    {
        .name = "chart",
        .synopsis = "CASE -o FILE.{svg,graphml,gexf,csv}",
        .summary = "draw a case, or write it as a graph for other programs",
        .description =
            "The ending of FILE says what it becomes: a picture (svg), GraphML, GEXF, or "
            "one CSV row a link as i2 Analyst's Notebook imports it. Dates, handling codes "
            "and evaluations stand with everything.\n\n"
            "A picture fits the window that it is opened in; a link in it shows it in full "
            "size. Of a case with over 1000 things the most tied are drawn, and the "
            "picture says how many are not; --around draws what is near one thing.\n\n"
            "What is charted leaves the node: it is an export, informants are left out, "
            "and a record under H3 stays here until somebody has read its restriction and "
            "says so.",
        .options = {{"o", "FILE", "where to; -o for short"},
                    {"force", NULL, "write over a file that is no chart"},
                    {"evaluation", "4x4:B2", "only what is evaluated so well or better"},
                    {"around", "ID", "only what is near this thing"},
                    {"steps", "N", "how far around it, 1 to 8; 1 when not given"},
                    {"most", "N",
                     "at most so many things and identifiers, the most tied; of a picture "
                     "1000 when not given"},
                    {"acknowledge", NULL,
                     "I have read the restrictions of these records, and see to them"},
                    NODE_OPTIONS},
        .writes = {"o"},
        .run = run_chart,
    },
    {
        .name = "export",
        .synopsis = "",
        .summary = "write the records of a case, or those of no case",
        .description =
            "On standard output. Informants never leave the node. A record under H3 stays "
            "here until somebody has read its restriction and says so; so does one under "
            "H1 or H2 where the format (ids) cannot carry the code.\n\n"
            "ids writes seizures in the 14 columns of today, or in those of 2011-2016; "
            "csv one table of everything, xlsx the same as a workbook, in which a "
            "spreadsheet "
            "leaves numbers with a plus or a zero in front as they are; ftm FollowTheMoney "
            "JSON lines, which alone lose nothing.",
        .options = {{"format", "ftm|ids|csv|xlsx", "what to write"},
                    {"layout", "NAME", "of ids: 2011-2026 (when not given) or 2011-2016"},
                    {"acknowledge", NULL,
                     "I have read the restrictions of these records, and see to them"},
                    NODE_OPTIONS},
        .run = run_export,
    },
    {
        .name = "erase",
        .synopsis = "ID",
        .summary = "destroy the words of a record, for good",
        .description =
            "The key of the record is overwritten: nobody can read it again, and every "
            "proof of the log stays valid. Copies of the folder keep it as long as they "
            "live.",
        .options = {{"reason", "TEXT", "why it must go; kept with the entry"},
                    NODE_OPTIONS},
        .run = run_erase,
    },
    {
        .name = "rebuild",
        .synopsis = "",
        .summary = "make again what is derived, and compare",
        .description =
            "Throws away the index of keys and the tree of the log, makes them from the "
            "records and entries, and says whether they are what they were. For "
            "administrators.",
        .options = {NODE_OPTIONS},
        .alone = true,
        .run = run_rebuild,
    },
    {
        .name = "log",
        .synopsis = "",
        .summary =
            "list entries of the log: who did what, when, for which case and purpose",
        .description =
            "For the overseer; a supervisor reads those of a case they belong to, with "
            "--case. Nothing that stands in a record is shown. Reading the log is an act, "
            "too, and the last entry of its answer.",
        .options = {{"from", "N", "from this sequence on; 0 is the first"},
                    {"to", "N", "up to this one"},
                    {"who", "LOGIN", "what this user did"},
                    NODE_OPTIONS},
        .run = run_log,
    },
    {
        .name = "log verify",
        .synopsis = "",
        .summary = "say whether the log is what it was when it was written and signed",
        .description =
            "Reads every entry again, and compares them with the tree over them and with "
            "what was signed last. For overseers, supervisors and administrators.",
        .options = {NODE_OPTIONS},
        .alone = true,
        .run = run_log_verify,
    },
    {
        .name = "status",
        .synopsis = "",
        .summary = "say what the node holds",
        .description =
            "Counts, the root of the log, how much of it is signed, and the key that "
            "its signatures are checked with.",
        .options = {NODE_OPTIONS},
        .alone = true,
        .brief = true,
        .run = run_status,
    },
    {
        .name = "serve",
        .synopsis = "",
        .summary = "run the node as a service that other nodes can reach",
        .description =
            "Prints the port, and serves until Ctrl-C or SIGTERM. Only peers are answered "
            "(peer accept), over mutual TLS. Meanwhile every command on this node works "
            "through the service, by the socket in its folder.\n\n"
            "Three processes: one speaks with the outside and has nothing of the node's, "
            "one keeps the records, one holds the keys.",
        .options = {{"listen", "HOST:PORT",
                     "127.0.0.1:0 when not given: this machine alone, any port"},
                    {"node", "DIR",
                     "the node's folder, -n for short; else the variable ENLACE_NODE"}},
        .run = run_serve,
    },
    {
        .name = "peer invite",
        .synopsis = "",
        .summary = "write the file by which another agency gets to know this node",
        .description =
            "The file is no secret. Tell the other side the ten words of the fingerprint "
            "on another way, by telephone say: they are what makes it sure that the file "
            "came from you. It is good for 30 days.",
        .options = {{"o", "FILE", "where to write it; -o for short"},
                    {"url", "https://HOST:PORT", "where this node can be reached"},
                    {"force", NULL, "write over a file that is no invitation"},
                    NODE_OPTIONS},
        .writes = {"o"},
        .run = run_peer_invite,
    },
    {
        .name = "peer accept",
        .synopsis = "FILE",
        .summary = "take in the invitation of another agency's node",
        .description =
            "With --fingerprint the ten words that you were told on another way are "
            "compared. Without, the words are shown, and you should compare them before "
            "you agree to anything; accept the same file again with them to confirm.\n\n"
            "Both directions are needed: the other side takes in your invitation too. A "
            "new invitation of a known node changes its address and name, never its key.",
        .options = {{"fingerprint", "WORDS", "the ten words, in quotation marks"},
                    NODE_OPTIONS},
        .run = run_peer_accept,
    },
    {
        .name = "peer agree",
        .synopsis = "CODE",
        .summary = "say for which classes of keys a peer may ask this node",
        .description =
            "The classes named are allowed from now on. Of a class that was allowed "
            "already "
            "what is not named stays as it is; the answer says what was before. Other "
            "classes stay, too, and --quota 0 ends one. What you may ask of the "
            "peer is for the peer to say; you ask it about no class but those that you "
            "have "
            "agreed here yourself.\n\n"
            "The quota is in keys asked a day, counted as they are padded (8, 16, 64, 256 "
            "...), so 8 is the least. What is asked for one case counts for 90 days. Peers "
            "of one circle "
            "share one map, and are under the same conditions.",
        .options =
            {{"class", "C,...", "phone, imei, document, imo, container, person ..."},
             {"quota", "N",
              "a day and class; else as before, or 10240, and 256 for imo, mmsi, plate and "
              "mark"},
             {"case-quota", "N",
              "for one case and class, in 90 days; else as agreed before, or five times "
              "a day's; 0: that again"},
             {"circle", "NAME", "else as before, or \"common\""},
             {"at-once", NULL,
              "ask this peer about every new or changed record of a case of ours with a "
              "key of these "
              "classes (of an import up to 64)"},
             {"not-at-once", NULL, "no longer"},
             NODE_OPTIONS},
        .run = run_peer_agree,
    },
    {
        .name = "peer list",
        .synopsis = "",
        .summary = "list the nodes this one knows, and what each may ask",
        .description = "With --reach each is greeted: whether it answers, what its clock "
                       "says, and what it lets this node ask.",
        .options = {{"reach", NULL, "greet each of them"}, NODE_OPTIONS},
        .brief = true,
        .run = run_peer_list,
    },
    {
        .name = "peer remove",
        .synopsis = "CODE",
        .summary = "end everything with a peer",
        .description = "From then on it is refused, with a sentence that says so. It stays "
                       "in the book; "
                       "a new invitation can be accepted later, of another key too.",
        .options = {NODE_OPTIONS},
        .run = run_peer_remove,
    },
    {
        .name = "epoch new",
        .synopsis = "",
        .summary = "publish what partners may find, under a fresh secret",
        .description =
            "Makes a map of the keys of your records for every circle of partners, and "
            "announces it in the log. A map says nothing to whoever has it: each thing "
            "must be asked for, and is counted. Witnesses, victims, informants, minors and "
            "acquitted persons are not in it, nor records of other owners.\n\n"
            "A daemon makes new maps by itself, within a day of a change.",
        .options = {NODE_OPTIONS},
        .run = run_epoch_new,
    },
    {
        .name = "epoch list",
        .synopsis = "",
        .summary = "say what is published, for whom, until when",
        .description = "The last announcement of each circle of partners.",
        .options = {NODE_OPTIONS},
        .brief = true,
        .run = run_epoch_list,
    },
    {
        .name = "match",
        .synopsis = "--case REF | --record ID ...",
        .summary = "ask partners, blind, whether they hold the same things",
        .description =
            "Takes the keys of the records of a case, or of those named, and asks the "
            "partners agreed for their classes. A partner learns how many things of which "
            "class were asked, for which case and purpose, and nothing else; what it holds "
            "too stands on your desk (enlace hits), with the reasons, and it learns "
            "nothing of that.\n\n"
            "Witnesses, victims, informants, minors and acquitted persons are not asked "
            "about. "
            "Without "
            "--basis the agreement with the partner is the legal basis that is told.",
        .options = {{"record", "ID", "these records; more ids behind it, or --record again",
                     true},
                    {"peers", "all|CODE,...", "whom to ask"},
                    NODE_OPTIONS},
        .run = run_match,
    },
    {
        .name = "match audit",
        .synopsis = "BATCH",
        .summary = "prove that an asking asked for nothing but what its case holds",
        .description =
            "Makes every byte that went out again from the sealed seed and the list, and "
            "compares. For members of the case, supervisors and the overseer.",
        .options = {NODE_OPTIONS},
        .run = run_match_audit,
    },
    {
        .name = "hits",
        .synopsis = "",
        .summary = "list what partners hold too, and what was decided about it",
        .description = "Those of cases that you belong to; with --case, of this one.",
        .options = {NODE_OPTIONS},
        .brief = true,
        .run = run_hits,
    },
    {
        .name = "hit decide",
        .synopsis = "ID yes|no|unsure",
        .summary = "say whether a hit is the same thing, and why",
        .description = "A person decides; the reason is kept with the entry.",
        .options = {{"reason", "TEXT", "why"}, NODE_OPTIONS},
        .run = run_hit_decide,
    },
    {
        .name = "claim",
        .synopsis = "HIT",
        .summary = "tell the partner which of its records a hit means",
        .description =
            "The first step of a lawful exchange, and the first disclosure: the partner "
            "learns which of its records you mean, and gets a proof that you knew the "
            "thing. Only for a hit that was decided \"yes\". The first claim to a partner "
            "ever is sent when a second person has approved it; where nobody else at this "
            "node may, it goes at once. The answer says whether the partner has shown that "
            "the record was in its log before we asked.\n\n"
            "A claim bears the handling codes of our record. None is made about a record "
            "that "
            "has become a witness's, victim's, informant's, minor's or acquitted person's, "
            "or "
            "that another agency than this partner gave under H2.",
        .options = {{"urgency", "WORD", "routine, priority, immediate or flash"},
                    {"handling", "H1,...",
                     "handling codes of the claim, with our record's"},
                    {"acknowledge", NULL,
                     "our record's H3 restriction was read, and allows it"},
                    NODE_OPTIONS},
        .run = run_claim,
    },
    {
        .name = "claim approve",
        .synopsis = "CLAIM",
        .summary = "send a claim that another person has made",
        .description = "The first claim to a partner needs two people: who made it cannot "
                       "approve it. `enlace claims` shows what waits, and what was sent "
                       "and has no receipt because the line broke: that is sent again, "
                       "and is the same claim there.",
        .options = {{"acknowledge", NULL,
                     "our record's H3 restriction was read, and allows it"},
                    NODE_OPTIONS},
        .run = run_claim_approve,
    },
    {
        .name = "claim withdraw",
        .synopsis = "CLAIM",
        .summary = "take back a claim that waits for a second person",
        .description =
            "By who made it, and only while it waits: nothing of it has left. The "
            "hit stays as it is, and may be claimed again.",
        .options = {{"reason", "TEXT", "why it is taken back"}, NODE_OPTIONS},
        .run = run_claim_withdraw,
    },
    {
        .name = "claim decline",
        .synopsis = "CLAIM",
        .summary = "say no to a claim that another person has made",
        .description = "What the second person does who does not approve it: it is never "
                       "sent. Who made it sees the reason in `enlace claims`.",
        .options = {{"reason", "TEXT", "why it shall not go"}, NODE_OPTIONS},
        .run = run_claim_decline,
    },
    {
        .name = "claims",
        .synopsis = "",
        .summary = "list the claims that were sent, and those that partners made",
        .description =
            "A claim that a partner made says which of our records it means, and that it "
            "knew the thing.",
        .options = {NODE_OPTIONS},
        .brief = true,
        .run = run_claims,
    },
    {
        .name = "watch scan",
        .synopsis = "FILE | --satscan CASFILE GEOFILE",
        .summary = "say where more cases lie together in the last days than should",
        .description =
            "The prospective space-time permutation scan, on a file of seizures or on "
            "SaTScan's file layout. Seizures stand at their coordinates, else in the "
            "middle of their country. CASFILE has lines \"place count year/month/day\", "
            "GEOFILE lines \"place latitude longitude\". Of all circles and all windows "
            "that end on the last day the one that stands out most is shown, and how often "
            "one as good comes by chance.\n\n"
            "--statistic poisson compares with each place's own share instead, and set "
            "looks for the best set of places within the radius, of any shape.",
        .options = {{"satscan", "CASFILE", "the case file; GEOFILE has the coordinates"},
                    {"days", "W", "the longest window; 30 when not given"},
                    {"km", "R", "the largest radius; 1000 when not given"},
                    {"reps", "N",
                     "how often the cases are dealt out anew; 999 when not given"},
                    {"seed", "S", "of the dealing: the same seed, the same answer"},
                    {"as-of", "DAY", "the last day; else that of the last case"},
                    {"statistic", "permutation|poisson|set", "what is compared"},
                    {"all-replicates", NULL,
                     "go on when 50 replicates were as good and the answer is plain"},
                    {"threads", "N", "else as many as there are processors"},
                    {"map", "FILE", "how the columns of a CSV become properties"},
                    FORMAT_OPTION},
        .run = run_watch_scan,
    },
    {
        .name = "check",
        .synopsis = "VALUE",
        .summary = "say what is wrong with an identifier, and what it might be",
        .description =
            "Reads one identifier (a container, ship, device, account or document number, "
            "a phone, a plate, a machine-readable line ...), brings it into the form that "
            "Enlace compares, checks its digits, and says in a sentence what is wrong. "
            "What it may have been meant to be is listed; nothing is ever corrected "
            "without you.\n\n"
            "Without --as every kind of identifier that the text could be is shown.",
        .options = {{"as", "KIND",
                     "what it is meant to be: container, imo, imei, iban, vin ..."},
                    {"country", "XX", "the country it comes from, for phones and plates"}},
        .run = run_check,
    },
    {
        .name = "keys",
        .synopsis = "FILE | ID | SCHEMA property=value ...",
        .summary = "show the keys by which records are compared",
        .description =
            "Prints every key of every record of a file, of one record of the node, or of "
            "one typed here, as class:value with its min-entropy in bits. These, and "
            "nothing else, are what a blind comparison works on. Records of protected "
            "persons are keyed here, on your own machine, and marked.",
        .options = {FORMAT_OPTION,
                    {"map", "FILE", "how the columns of a CSV become properties"},
                    {"country", "XX", "read national phone numbers as this country's"},
                    {"rejects", "FILE", "write the rows that cannot be used there"},
                    {"quiet", NULL, "count only; print no key"},
                    NODE_OPTIONS},
        .writes = {"rejects"},
        .brief = true,
        .run = run_keys,
    },
    {
        .name = "link",
        .synopsis = "A [B]",
        .summary = "say which records of two files, or of one, are the same thing",
        .description =
            "Compares two files record by record and prints the pairs that are the same "
            "person, company, ship, phone ... with the reasons. With one file: duplicates "
            "within it.\n\n"
            "--keys decides by keys alone. --private does the same blind, between two "
            "processes of which each holds one file: neither file is disclosed, and the "
            "answer is exactly that of --keys (with one file, both hold it). Without "
            "either, "
            "a little more is found by comparing in the clear.\n\n"
            "With --keys and --private A asks and B answers: what is asked for and not "
            "found speaks against a pair, what is common is reckoned from A, and a key "
            "that "
            "five or more rows of B hold points at none. So B A may differ from A B by a "
            "few "
            "doubtful pairs, as it does between two nodes.\n\n"
            "Between two files, witnesses, victims, informants and minors take no part.",
        .options = {{"map-a", "FILE", "how the columns of A become properties"},
                    {"map-b", "FILE", "how the columns of B become properties"},
                    {"map", "FILE", "the same mapping for both files"},
                    FORMAT_OPTION,
                    {"keys", NULL, "decide by keys alone, in the clear"},
                    {"private", NULL, "compare blind, between two processes"},
                    {"transcript", "FILE",
                     "with --private: keep all that passed between them; "
                     "FILE.seed keeps the secret that `link audit` needs"},
                    {"truth", "COL[:REGEX]",
                     "rows with the same label are the same thing: "
                     "measure recall and precision"},
                    {"learned", "FILE",
                     "what people decided of such pairs, from `link learn -o FILE`"},
                    {"country", "XX", "read national phone numbers as this country's"},
                    {"rejects", "FILE", "write the unusable rows of A there"},
                    {"pairs", "FILE",
                     "instead: decide each labelled pair of names in a CSV"},
                    {"left", "COL", "with --pairs: column of the first name"},
                    {"right", "COL", "with --pairs: column of the second name"},
                    {"schema", "COL", "with --pairs: column of the schema"}},
        .writes = {"transcript", "rejects"},
        .run = run_link,
    },
    {
        .name = "link decide",
        .synopsis = "A B same|different|unsure",
        .summary = "say whether two records are the same thing, and why",
        .description =
            "A and B are ids. What you say is a record of its own, filed in the case of "
            "the two, and stands on charts. Saying something else later makes a new "
            "version.",
        .options = {{"reason", "TEXT", "why; kept with the decision"}, NODE_OPTIONS},
        .run = run_link_decide,
    },
    {
        .name = "link undo",
        .synopsis = "A B",
        .summary = "take back what was decided about two records",
        .description = "The decision stays in the log as what was once said.",
        .options = {{"reason", "TEXT", "why; kept with the decision"}, NODE_OPTIONS},
        .run = run_link_undo,
    },
    {
        .name = "link learn",
        .synopsis = "",
        .summary = "learn from decisions how much is to be doubted where two agree so",
        .description =
            "Counts, over the decisions of a case (or of no case) on two records and on "
            "hits, how two that agree so turned out: the same, or different. From it "
            "follows by how much the doubt that is stated is too small, for each level of "
            "names, date, place ...; a few decisions move little.\n\n"
            "`match` for this case (or of records of no case) reads it from then on, and "
            "`link` with --learned FILE. Where such pairs were different, "
            "more others are stated, and a hit may be weak; none is hidden. Kept are "
            "counts, and nobody's data.",
        .options = {{"o", "FILE", "write it there, too, for `link --learned`; -o for short"},
                    {"force", NULL, "write over a file that is none of these"},
                    NODE_OPTIONS},
        .writes = {"o"},
        .run = run_link_learn,
    },
    {
        .name = "link audit",
        .synopsis = "TRANSCRIPT A",
        .summary = "prove that a blind comparison asked for nothing but file A",
        .description = "Derives every byte that the asking side sent, padding included, "
                       "from the secret seed "
                       "and file A, and compares it with the transcript. Says \"valid\" "
                       "only when all of it "
                       "is the same: no item was changed, added or left out.",
        .options = {{"seed", "FILE", "the secret; else TRANSCRIPT.seed"},
                    {"map", "FILE", "how the columns of A become properties"},
                    FORMAT_OPTION,
                    {"country", "XX", "as given to the comparison"}},
        .run = run_link_audit,
    },
    {
        .name = "watch",
        .synopsis = "FILE",
        .summary =
            "say what is new in a file of seizures, and what changed in its reporting",
        .description =
            "Reads seizures (UNODC IDS in either layout, or any table with a mapping file) "
            "and says which combination of place, substance, route, means and concealment "
            "has come up, how much of it was to be expected, and how often such a thing "
            "happens by chance. Changes of reporting are found first, told as notices, and "
            "raise no alert.\n\n"
            "Shown are the alerts of the twelve weeks up to the day named, or to the last "
            "day in the file, as they would have been raised on each day from what was "
            "known then.",
        .options = {{"as-of", "DATE", "what was received later is not looked at"},
                    {"report", "FILE", "write it as one web page, or a workbook (.xlsx)"},
                    WATCH_OPTIONS},
        .writes = {"report"},
        .run = run_watch,
    },
    {
        .name = "watch briefing",
        .synopsis = "FILE",
        .summary = "make the two-page briefing of a file of seizures",
        .description = "A PDF for those who decide: what is new, the months, the flows, "
                       "what changed in the "
                       "reporting, what was not looked at, and how to read it.",
        .options = {{"output", "FILE", "the PDF to write"},
                    {"language", "en|es|fr|pt", "English when not given"},
                    {"as-of", "DATE", "what was received later is not looked at"},
                    WATCH_OPTIONS},
        .writes = {"output"},
        .run = run_watch_briefing,
    },
    {
        .name = "watch replay",
        .synopsis = "FILE",
        .summary = "watch a file day by day, as it became known",
        .description = "Each alert is raised on the first day on which what had been "
                       "received by then gave "
                       "reason to. A column RECEIVED_DATE says when a row became known; "
                       "without it that is "
                       "the day of the seizure.",
        .options = {{"from", "DATE", "the first day judged"},
                    {"to", "DATE", "the last"},
                    {"report", "FILE", "write it as one web page, or a workbook (.xlsx)"},
                    WATCH_OPTIONS},
        .writes = {"report"},
        .run = run_watch_replay,
    },
    {
        .name = "watch calibrate",
        .synopsis = "[FILE]",
        .summary = "find the score from which on the watch raises an alert",
        .description =
            "From the node's own history, shuffled so that season, bursts and batches "
            "stay and nothing is new: the score that is passed as often as alarms for "
            "nothing may come. Shown with its 90 % interval and kept as a record of the "
            "schema Calibration, which `watch run` uses until it is a quarter of a year "
            "old, or the seizures before its day became a tenth more or fewer; then `watch "
            "run` makes one itself. Of a FILE it is only shown.",
        .options = {{"until", "DATE",
                     "only what was received before; else twelve weeks before today"},
                    {"as-of", "DATE", "instead of today"},
                    {"alarms-per-year", "N",
                     "how many alerts a year may come for nothing; else 1"},
                    {"seed", "N", "of the shuffled histories; else 1"},
                    {"map", "FILE", "how the columns of a file become properties"},
                    FORMAT_OPTION,
                    NODE_OPTIONS},
        .run = run_watch_calibrate,
    },
    {
        .name = "watch daily",
        .synopsis = "[on | off]",
        .summary = "have the service run the watch once a day",
        .description =
            "What `watch run` does, done by the service of the node once a day (UTC), and "
            "once when it was not running then. It acts as whoever switched it on, for the "
            "case and purpose named then, and only as long as they may. Without a word it "
            "says how things stand; `status` does, too.",
        .options = {{"alarms-per-year", "N",
                     "how many alerts a year may come for nothing; else 1"},
                    {"seed", "N", "of the shuffled histories; else 1"},
                    NODE_OPTIONS},
        .run = run_watch_daily,
    },
    {
        .name = "watch run",
        .synopsis = "",
        .summary = "watch the seizures of the node, and keep the alerts as records",
        .description = "To be run once a day. Looks at the twelve weeks up to today as "
                       "each day knew them; "
                       "what is new is kept as a record of the schema Alert, once an "
                       "episode. Says how many "
                       "of the alerts judged so far were real.",
        .options = {{"as-of", "DATE", "instead of today"},
                    {"alarms-per-year", "N",
                     "how many alerts a year may come for nothing; else 1"},
                    {"seed", "N",
                     "of the shuffled histories that set the threshold; else 1"},
                    NODE_OPTIONS},
        .run = run_watch_run,
    },
    {
        .name = "alert judge",
        .synopsis = "ID real|unclear|artefact",
        .summary = "say what became of an alert",
        .description = "The verdict is kept with it, and counts in what `watch run` says.",
        .options = {NODE_OPTIONS},
        .run = run_alert_judge,
    },
    {
        .name = "alert replay",
        .synopsis = "ID",
        .summary = "compute an alert again from its seed, and compare",
        .description =
            "Exit code 1 when it is not the same: the records it came from are not.",
        .options = {NODE_OPTIONS},
        .run = run_alert_replay,
    },
    {
        .name = "completion",
        .synopsis = "",
        .summary = "print the completion script for bash",
        .description = "Use it with: source <(enlace completion)",
        .run = run_completion,
    },
    {
        .name = "manual",
        .synopsis = "",
        .summary = "print the manual page",
        .description = "In man's own format: enlace manual | man -l -",
        .run = run_manual,
    },
    {
        .name = "help",
        .synopsis = "[COMMAND]",
        .summary = "list the commands, or explain one",
        .description = "Also: enlace COMMAND --help",
        .run = run_help,
    },
    {
        .name = "version",
        .synopsis = "",
        .summary = "print the version of the program and of its normaliser",
        .description = "Two nodes compare keys only when their normalisers are the same: "
                       "the version names "
                       "the rules and the libraries that take part in them.",
        .run = run_version,
    },
};

const size_t command_count = sizeof commands / sizeof commands[0];
