/* SPDX-License-Identifier: Apache-2.0
 *
 * The countries: facts from ISO 3166 as Debian's iso-codes package (4.15) restates them,
 * with its Spanish, French and Portuguese translations; FollowTheMoney's English labels and
 * further codes (its model, type "country"); the names that the United Nations' drug
 * seizure files use; and ICAO 9303 for passport codes (GBD, RKS, UNO ...). A name that
 * differs from one before it in case, accents, punctuation, articles or the order of its
 * words only is not repeated.
 */
#include "record/country.h"

/* clang-format off */
const struct country country_table[] = {
    {"ac", "", "Ascension Island", "Ascension"},
    {"ad", "AND", "Andorra",
     "Andorre|Principality of Andorra|Principado de Andorra|Principauté d'Andorre"},
    {"ae", "ARE", "United Arab Emirates",
     "Emiratos Árabes Unidos|Émirats arabes unis|Emirados Árabes Unidos|UAE|EAU|"
     "Emirates|Emiratos Árabes"},
    {"af", "AFG", "Afghanistan",
     "Afganistán|Afeganistão|Islamic Republic of Afghanistan|República Islámica de "
     "Afganistán|République islamique d'Afghanistan|República Islâmica do Afeganistão"},
    {"ag", "ATG", "Antigua and Barbuda", "Antigua"},
    {"ai", "AIA", "Anguilla", "Anguila"},
    {"al", "ALB", "Albania",
     "Albanie|Republic of Albania|República de Albania|République d'Albanie"},
    {"am", "ARM", "Armenia",
     "Arménie|Republic of Armenia|República de Armenia|République d'Arménie"},
    {"ao", "AGO", "Angola", "Republic of Angola|República de Angola|République d'Angola"},
    {"aq", "ATA", "Antarctica", "Antártida|Antarctique"},
    {"ar", "ARG", "Argentina",
     "Argentine|Argentine Republic|República Argentina|République d'Argentine"},
    {"as", "ASM", "American Samoa",
     "Samoa Estadounidense|Samoa américaines|Samoa Americana"},
    {"at", "AUT", "Austria",
     "Autriche|Republic of Austria|República de Austria|République d'Autriche"},
    {"au", "AUS", "Australia", "Australie"},
    {"aw", "ABW", "Aruba", ""},
    {"ax", "ALA", "Åland Islands", "Islas Åland|Åland, Îles|Ilhas Alanda|Ilhas Åland"},
    {"az", "AZE", "Azerbaijan",
     "Azerbaiyán|Azerbaïdjan|Azerbaijão|Azerbaidjão|Republic of Azerbaijan|República "
     "de Azerbaiyán|République d'Azerbaïdjan|República do Azerbaijão|República do "
     "Azerbaidjão"},
    {"az-nk", "", "Artsakh", "Nagorno-Karabakh"},
    {"ba", "BIH", "Bosnia and Herzegovina",
     "Bosnie-Herzégovine|Republic of Bosnia and Herzegovina|República de Bosnia y "
     "Hercegovina|République de Bosnie et Herzégovine|República da Bósnia-Herzegóvina|"
     "Bosnia|Bosnie"},
    {"bb", "BRB", "Barbados", "Barbade"},
    {"bd", "BGD", "Bangladesh",
     "Bangladés|Bangladeche|People's Republic of Bangladesh|República Popular de "
     "Bangladés|República Popular do Bangladeche|República Popular de Bangladesh"},
    {"be", "BEL", "Belgium",
     "Bélgica|Belgique|Kingdom of Belgium|Reino de Bélgica|Royaume de Belgique"},
    {"bf", "BFA", "Burkina Faso", "Burquina Faso|Burquina"},
    {"bg", "BGR", "Bulgaria",
     "Bulgarie|Republic of Bulgaria|República de Bulgaria|République de Bulgarie"},
    {"bh", "BHR", "Bahrain",
     "Baréin|Bahreïn|Barém|Kingdom of Bahrain|Reino de Baréin|Royaume de Bahreïn|Reino "
     "do Barém"},
    {"bi", "BDI", "Burundi",
     "Republic of Burundi|República de Burundi|République du Burundi"},
    {"bj", "BEN", "Benin",
     "Benim|Republic of Benin|República de Benín|République du Bénin|República do Benim"},
    {"bl", "BLM", "Saint Barthélemy", "San Bartolomé|São Bartolomeu"},
    {"bm", "BMU", "Bermuda", "Islas Bermudas|Bermudes|Bermudas"},
    {"bn", "BRN", "Brunei", "Brunei Darussalam"},
    {"bo", "BOL", "Bolivia",
     "Bolivia, Plurinational State of|Bolivia, Estado plurinacional de|Bolivie, état "
     "plurinational de|Bolivie"},
    {"bq", "BES", "Bonaire, Sint Eustatius and Saba",
     "Islas BES (Caribe Neerlandés)|Bonaire, Saint-Eustache et Saba|Bonaire, Santo "
     "Eustáquio e Saba|Caribbean Netherlands|Bonaire"},
    {"br", "BRA", "Brazil",
     "Brasil|Brésil|Federative Republic of Brazil|República Federativa de Brasil|"
     "République fédérale du Brésil"},
    {"bs", "BHS", "Bahamas", "Commonwealth of the Bahamas|Comunidade das Bahamas"},
    {"bt", "BTN", "Bhutan",
     "Bután|Bhoutan|Butão|Kingdom of Bhutan|Reino de Bután|Reino do Butão"},
    {"bv", "BVT", "Bouvet Island", "Isla Bouvet|île Bouvet|Ilha Bouvet"},
    {"bw", "BWA", "Botswana",
     "Botsuana|Republic of Botswana|República de Botsuana|République du Botswana"},
    {"by", "BLR", "Belarus",
     "Bielorrusia|Bielorússia|Bielo-Rússia|Republic of Belarus|República de "
     "Bielorrusia|République du Bélarus|República da Bielorússia|República da "
     "Bielo-Rússia|Biélorussie|Belorussia|Byelorussia"},
    {"bz", "BLZ", "Belize", "Belice"},
    {"ca", "CAN", "Canada", ""},
    {"cc", "CCK", "Cocos (Keeling) Islands",
     "Islas Cocos (Keeling)|Cocos (Keeling), Îles|Ilhas Cocos"},
    {"cd", "COD", "DR Congo",
     "Congo, The Democratic Republic of the|Congo, República Democrática del|"
     "République démocratique du Congo|DRC|RDC|RD Congo|Congo-Kinshasa"},
    {"cf", "CAF", "Central African Republic",
     "República Centroafricana|République centrafricaine|República Centro-Africana"},
    {"cg", "COG", "Congo-Brazzaville",
     "Congo|République du Congo|Republic of the Congo|República del Congo"},
    {"ch", "CHE", "Switzerland",
     "Suiza|Suisse|Suíça|Swiss Confederation|Confederación Suiza|Confédération "
     "helvétique|Confederação Suíça|Schweiz|Svizzera"},
    {"ci", "CIV", "Côte d'Ivoire",
     "Costa de Marfil|Costa do Marfim|Republic of Côte d'Ivoire|República de Costa de "
     "Marfil|République de Côte d'Ivoire|República da Costa do Marfim|Ivory Coast"},
    {"ck", "COK", "Cook Islands", "Islas Cook|îles Cook|Ilhas Cook"},
    {"cl", "CHL", "Chile",
     "Chili|Republic of Chile|República de Chile|République du Chili"},
    {"cm", "CMR", "Cameroon",
     "Camerún|Cameroun|Camarões|Republic of Cameroon|República del Camerún|République "
     "du Cameroun|República dos Camarões"},
    {"cn", "CHN", "China",
     "Chine|People's Republic of China|República Popular China|République populaire de "
     "Chine|PRC|Mainland China"},
    {"cn-xz", "", "Tibet", "Tibete"},
    {"co", "COL", "Colombia",
     "Colombie|Republic of Colombia|República de Colombia|République de Colombie"},
    {"cp", "", "Clipperton Island", ""},
    {"cq", "", "Sark", ""},
    {"cr", "CRI", "Costa Rica",
     "Republic of Costa Rica|República de Costa Rica|République du Costa Rica"},
    {"cshh", "CSK", "Czechoslovakia", "Checoslovaquia|Tchécoslovaquie|Tchecoslováquia"},
    {"csxx", "SCG", "Serbia and Montenegro", "Serbie-et-Monténégro|Sérvia e Montenegro"},
    {"cu", "CUB", "Cuba", "Republic of Cuba|República de Cuba|République de Cuba"},
    {"cv", "CPV", "Cape Verde",
     "Cabo Verde|Cap-Vert|Republic of Cabo Verde|República de Cabo Verde|République du "
     "Cap-Vert"},
    {"cw", "CUW", "Curaçao", "Curazao"},
    {"cx", "CXR", "Christmas Island",
     "Isla de Navidad|Christmas, Île|Ilha Natal|Ilha Christmas"},
    {"cy", "CYP", "Cyprus",
     "Chipre|Chypre|Republic of Cyprus|República de Chipre|République de Chypre"},
    {"cy-trnc", "", "Northern Cyprus",
     "Turkish Republic of Northern Cyprus|Chipre del Norte|Chypre du Nord"},
    {"cz", "CZE", "Czechia",
     "Chequia|Tchéquie|Czech Republic|República Checa|République tchèque|República "
     "Tcheca|Tchéquia"},
    {"dd", "DDR", "East Germany",
     "German Democratic Republic|GDR|República Democrática Alemana|République "
     "démocratique allemande|República Democrática Alemã"},
    {"de", "DEU", "Germany",
     "Alemania|Allemagne|Alemanha|Federal Republic of Germany|República Federal de "
     "Alemania|République fédérale d'Allemagne|República Federal da Alemanha|República "
     "Federativa da Alemanha|Deutschland"},
    {"dg", "", "Diego Garcia", ""},
    {"dj", "DJI", "Djibouti",
     "Yibuti|Djibuti|Republic of Djibouti|República de Yibuti|République de Djibouti|"
     "República do Djibouti|República do Djibuti"},
    {"dk", "DNK", "Denmark",
     "Dinamarca|Danemark|Kingdom of Denmark|Reino de Dinamarca|Royaume du Danemark"},
    {"dm", "DMA", "Dominica",
     "Dominique|Commonwealth of Dominica|Commonwealth de la Dominique|Comunidade da "
     "Dominica"},
    {"do", "DOM", "Dominican Republic", "República Dominicana|République dominicaine"},
    {"dz", "DZA", "Algeria",
     "Algérie|Argélia|People's Democratic Republic of Algeria|República Democrática "
     "Popular de Argelia|République algérienne démocratique et populaire"},
    {"ec", "ECU", "Ecuador",
     "Équateur|Equador|Republic of Ecuador|República del Ecuador|République d'Équateur|"
     "República do Equador"},
    {"ee", "EST", "Estonia",
     "Estonie|Republic of Estonia|República de Estonia|République d'Estonie"},
    {"eg", "EGY", "Egypt",
     "Egipto|Égypte|Egito|Arab Republic of Egypt|República Árabe de Egipto|République "
     "arabe d'Égypte|República Árabe do Egito"},
    {"eh", "ESH", "Western Sahara", "Sahara Occidental|Saara Ocidental"},
    {"er", "ERI", "Eritrea",
     "Érythrée|Eritreia|the State of Eritrea|Estado de Eritrea|l'État d'Érythrée|"
     "Estado da Eritreia"},
    {"es", "ESP", "Spain",
     "España|Espagne|Espanha|Kingdom of Spain|Reino de España|Royaume d'Espagne|Reino "
     "de Espanha"},
    {"et", "ETH", "Ethiopia",
     "Etiopía|Éthiopie|Federal Democratic Republic of Ethiopia|República Federal "
     "Democrática de Etiopía|République fédérale démocratique d'Éthiopie|República "
     "Federativa Democrática da Etiópia"},
    {"eu", "EUE", "European Union", "Unión Europea|Union européenne|União Europeia|UE"},
    {"fi", "FIN", "Finland",
     "Finlandia|Finlande|Republic of Finland|República de Finlandia|République de "
     "Finlande"},
    {"fj", "FJI", "Fiji",
     "Fiyi|Fidji|Republic of Fiji|República de Fiyi|République des Fidji|República das "
     "Fiji"},
    {"fk", "FLK", "Falkland Islands",
     "Falkland Islands (Malvinas)|Islas Falkland (Malvinas)|Malouines, Îles (Falkland)|"
     "Ilhas Falkland (Malvinas)|Malvinas|Islas Malvinas|Falklands|Îles Malouines|Ilhas "
     "Malvinas"},
    {"fm", "FSM", "Micronesia",
     "Micronesia, Federated States of|Micronesia, Estados Federados de|Micronésie, "
     "États fédérés de|Micronésie"},
    {"fo", "FRO", "Faroe Islands", "Islas Feroe|îles Féroé|Ilhas Faroé"},
    {"fr", "FRA", "France",
     "Francia|França|French Republic|República Francesa|République française|República "
     "da França"},
    {"ga", "GAB", "Gabon",
     "Gabão|Gabonese Republic|República Gabonesa|République gabonaise"},
    {"gb", "GBR GBD GBN GBO GBP GBS", "United Kingdom",
     "Reino Unido|Royaume-Uni|United Kingdom of Great Britain and Northern Ireland|"
     "Reino Unido de Gran Bretaña e Irlanda del Norte|Royaume-Uni de Grande-Bretagne "
     "et d'Irlande du Nord|Reino Unido da Grã-Bretanha e Irlanda do Norte|UK|Great "
     "Britain|Britain|England|England and Wales|United Kingdom (England and Wales)|"
     "Gran Bretaña|Grande-Bretagne|Grã-Bretanha|Inglaterra|Angleterre"},
    {"gb-nir", "", "Northern Ireland",
     "United Kingdom (Northern Ireland)|Irlanda del Norte|Irlande du Nord"},
    {"gb-sct", "", "Scotland", "United Kingdom (Scotland)|Escocia|Écosse"},
    {"gb-wls", "", "Wales", "United Kingdom (Wales)|Gales|Pays de Galles|País de Gales"},
    {"gd", "GRD", "Grenada", "Granada|Grenade"},
    {"ge", "GEO", "Georgia", "Géorgie"},
    {"ge-ab", "", "Abkhazia (Occupied Georgia)", "Abkhazia|Abjasia|Abkhazie|Abecásia"},
    {"gf", "GUF", "French Guiana", "Guayana Francesa|Guyane française|Guiana Francesa"},
    {"gg", "GGY", "Guernsey", "Guernesey"},
    {"gh", "GHA", "Ghana",
     "Gana|Republic of Ghana|República de Ghana|République du Ghana|República do Gana"},
    {"gi", "GIB", "Gibraltar", ""},
    {"gl", "GRL", "Greenland", "Groenlandia|Groënland|Gronelândia"},
    {"gm", "GMB", "Gambia",
     "Gambie|Republic of the Gambia|República de Gambia|République de Gambie"},
    {"gn", "GIN", "Guinea",
     "Guinée|Guiné|Republic of Guinea|República de Guinea|République de Guinée|"
     "República da Guiné"},
    {"gp", "GLP", "Guadeloupe", "Guadalupe"},
    {"gq", "GNQ", "Equatorial Guinea",
     "Guinea Ecuatorial|Guinée Équatoriale|Guiné Equatorial|Republic of Equatorial "
     "Guinea|República de Guinea Ecuatorial|République de Guinée Équatoriale|República "
     "da Guiné Equatorial"},
    {"gr", "GRC", "Greece",
     "Grecia|Grèce|Hellenic Republic|República Helénica|République grecque|EL|Hellas"},
    {"gs", "SGS", "South Georgia and the South Sandwich Islands",
     "Islas Georgias del Sur y Sándwich del Sur|Géorgie du Sud et les îles Sandwich du "
     "Sud|Ilhas Geórgia do Sul e Sandwich do Sul"},
    {"gt", "GTM", "Guatemala",
     "Republic of Guatemala|República de Guatemala|République du Guatemala"},
    {"gu", "GUM", "Guam", ""},
    {"gw", "GNB", "Guinea-Bissau",
     "Guinea-Bisáu|Guinée-Bissau|Guiné-Bissáu|Republic of Guinea-Bissau|República de "
     "Guinea-Bissau|République de Guinée-Bissau|República da Guiné-Bissáu"},
    {"gy", "GUY", "Guyana",
     "Guiana|Republic of Guyana|República de Guyana|République de Guyana|República da "
     "Guiana"},
    {"hk", "HKG", "Hong Kong SAR",
     "Hong Kong|Hong Kong Special Administrative Region of China|Región Administrativa "
     "Especial China de Hong Kong|Région spéciale administrative chinoise de Hong-Kong|"
     "Hong Kong, Região de Administração Especial da China|Região Administrativa "
     "Especial de Hong Kong|China, Hong Kong SAR|Hong Kong, China|Hongkong"},
    {"hm", "HMD", "Heard and McDonald Islands",
     "Heard Island and McDonald Islands|Islas Heard y McDonald|îles Heard-et-MacDonald|"
     "Ilha Heard e Ilhas McDonald"},
    {"hn", "HND", "Honduras",
     "Republic of Honduras|República de Honduras|République du Honduras"},
    {"hr", "HRV", "Croatia",
     "Croacia|Croatie|Republic of Croatia|República de Croacia|République de Croatie"},
    {"ht", "HTI", "Haiti", "Republic of Haiti|República de Haití|République de Haïti"},
    {"hu", "HUN", "Hungary", "Hungría|Hongrie"},
    {"ic", "", "Canary Islands",
     "Islas Canarias|Canarias|Îles Canaries|Canaries|Ilhas Canárias"},
    {"id", "IDN", "Indonesia",
     "Indonésie|Republic of Indonesia|República de Indonesia|République d'Indonésie"},
    {"ie", "IRL", "Ireland", "Irlanda|Irlande"},
    {"il", "ISR", "Israel", "State of Israel|Estado de Israel|État d'Israël"},
    {"im", "IMN", "Isle of Man", "Isla de Man|Île de Man|Ilha de Man"},
    {"in", "IND", "India",
     "Inde|Republic of India|República de la India|République d'Inde"},
    {"io", "IOT", "British Indian Ocean Territory",
     "Territorio Británico del Océano Índico|Territoire britannique de l'océan Indien"},
    {"ip", "", "Cyberspace", ""},
    {"iq", "IRQ", "Iraq",
     "Irak|Iraque|Republic of Iraq|República de Irak|République d'Iraq|República do "
     "Iraque|Iraq (Central Iraq)|Central Iraq"},
    {"iq-kr", "", "Kurdistan", "Iraq (Kurdistan Region)|Iraqi Kurdistan|Kurdistan irakien"},
    {"ir", "IRN", "Iran",
     "Iran, Islamic Republic of|Irán, República islámica de|Iran, République islamique "
     "d'|Irão, República Islâmica do|Irã, República Islâmica do|Irão|Irã"},
    {"is", "ISL", "Iceland",
     "Islandia|Islande|Republic of Iceland|República de Islandia|République d'Islande"},
    {"it", "ITA", "Italy",
     "Italia|Italie|Italian Republic|República Italiana|République italienne|República "
     "da Itália"},
    {"je", "JEY", "Jersey", ""},
    {"jm", "JAM", "Jamaica", "Jamaïque"},
    {"jo", "JOR", "Jordan",
     "Jordania|Jordanie|Hashemite Kingdom of Jordan|Reino Hachemí de Jordania|Royaume "
     "hachémite de Jordanie|Reino Hachemita da Jordânia|Reino Hashemita da Jordânia"},
    {"jp", "JPN", "Japan", "Japón|Japão"},
    {"ke", "KEN", "Kenya",
     "Kenia|Quénia|Republic of Kenya|República de Kenia|République du Kenya|República "
     "do Quénia"},
    {"kg", "KGZ", "Kyrgyzstan",
     "Kirguistán|Kirghizistan|Quirguistão|Kyrgyz Republic|República Kirguiza|"
     "République kirghize|República do Quirgistão|República do Quirguistão"},
    {"kh", "KHM", "Cambodia",
     "Camboya|Cambodge|Camboja|Kingdom of Cambodia|Reino de Camboya|Royaume du "
     "Cambodge|Reino do Camboja"},
    {"ki", "KIR", "Kiribati",
     "Republic of Kiribati|República de Kiribati|République de Kiribati"},
    {"km", "COM", "Comoros",
     "Comores, Islas|Comores|Union of the Comoros|Unión de las Comores|União das "
     "Comores"},
    {"kn", "KNA", "Saint Kitts and Nevis",
     "San Cristóbal y Nieves|Saint-Christophe-et-Niévès|São Cristóvão e Nevis|Saint "
     "Kitts"},
    {"kp", "PRK", "North Korea",
     "Korea, Democratic People's Republic of|Corea, República Democrática Popular de|"
     "Corée, République populaire démocratique de|Coreia, República Popular "
     "Democrática da|Corée du Nord|Coreia do Norte|DPRK|Corea del Norte|Korea, DPR"},
    {"kr", "KOR", "South Korea",
     "Korea, Republic of|Corea, República de|Corée, République de|Coreia, República da|"
     "Corée du Sud|Coreia do Sul|Corea del Sur"},
    {"kw", "KWT", "Kuwait", "Koweït|State of Kuwait|Estado de Kuwait|État du Koweït"},
    {"ky", "CYM", "Cayman Islands", "Islas Caimán|îles Caïmans|Ilhas Caimão|Ilhas Cayman"},
    {"kz", "KAZ", "Kazakhstan",
     "Kazajistán|Cazaquistão|Republic of Kazakhstan|República de Kazajistán|République "
     "du Kazakhstan|República do Cazaquistão"},
    {"la", "LAO", "Laos",
     "Lao People's Democratic Republic|República Democrática Popular de Lao|Lao, "
     "République démocratique populaire|República Democrática Popular do Laos|Lao PDR"},
    {"lb", "LBN", "Lebanon",
     "Líbano|Liban|Lebanese Republic|República Libanesa|République libanaise|República "
     "do Líbano"},
    {"lc", "LCA", "Saint Lucia", "Santa Lucía|Sainte-Lucie"},
    {"li", "LIE", "Liechtenstein",
     "Principality of Liechtenstein|Principado de Liechtenstein|Principauté du "
     "Liechtenstein"},
    {"lk", "LKA", "Sri Lanka",
     "Democratic Socialist Republic of Sri Lanka|República Socialista Democrática de "
     "Sri Lanka|République démocratique socialiste de Sri Lanka"},
    {"lr", "LBR", "Liberia",
     "Republic of Liberia|República de Liberia|République du Libéria"},
    {"ls", "LSO", "Lesotho",
     "Lesoto|Kingdom of Lesotho|Reino de Lesoto|Royaume du Lesotho"},
    {"lt", "LTU", "Lithuania",
     "Lituania|Lituanie|Republic of Lithuania|República de Lituania|République de "
     "Lituanie"},
    {"lu", "LUX", "Luxembourg",
     "Luxemburgo|Grand Duchy of Luxembourg|Gran Ducado de Luxemburgo|Grand-duché du "
     "Luxembourg|Grã-Ducado do Luxemburgo|Grão-Ducado de Luxemburgo"},
    {"lv", "LVA", "Latvia",
     "Letonia|Lettonie|Republic of Latvia|República de Letonia|République de Lettonie"},
    {"ly", "LBY", "Libya",
     "Libia|Libye|Libyan Arab Jamahiriya|Libyan Jamahiriya|Socialist People's Libyan "
     "Arab Jamahiriya|Jamahiriya Árabe Libia|Jamahiriya arabe libyenne"},
    {"ma", "MAR", "Morocco",
     "Marruecos|Maroc|Marrocos|Kingdom of Morocco|Reino de Marruecos|Royaume du Maroc|"
     "Reino de Marrocos"},
    {"mc", "MCO", "Monaco",
     "Principality of Monaco|Principado de Mónaco|Principauté de Monaco"},
    {"md", "MDA", "Moldova",
     "Moldova, Republic of|Moldavia, República de|Moldova, République de|Moldavia|"
     "Moldavie"},
    {"md-pmr", "", "Transnistria", "Transdniestria|Pridnestrovie|Transnistrie"},
    {"me", "MNE", "Montenegro", ""},
    {"mf", "MAF", "Saint Martin",
     "Saint Martin (French part)|San Martín (zona francesa)|Saint-Martin (partie "
     "française)|São Martin (Território Francês)|São Martim (parte francesa)"},
    {"mg", "MDG", "Madagascar",
     "Republic of Madagascar|República de Madagascar|République de Madagascar"},
    {"mh", "MHL", "Marshall Islands",
     "Islas Marshall|Îles Marshall|Ilhas Marshall|Republic of the Marshall Islands|"
     "República de las Islas Marshall|République des Îles Marshall|República das Ilhas "
     "Marshall"},
    {"mk", "MKD", "North Macedonia",
     "Macedonia del Norte|Macédoine du Nord|Republic of North Macedonia|República de "
     "Macedonia del Norte|République de Macédoine du Nord|Macedonia|The former "
     "Yugoslav Republic of Macedonia|FYROM|Macédoine|Ex República Yugoslava de "
     "Macedonia|Ex-République yougoslave de Macédoine|Antiga República Jugoslava da "
     "Macedónia"},
    {"ml", "MLI", "Mali", "Republic of Mali|República de Mali|République du Mali"},
    {"mm", "MMR BUR", "Myanmar",
     "Birmania|Birmanie|Republic of Myanmar|República de la Unión de Myanmar|"
     "République de Myanmar|República da Birmânia|República da Myanmar|Burma|Mianmar|"
     "Myanmar (Burma)"},
    {"mn", "MNG", "Mongolia", "Mongolie"},
    {"mo", "MAC", "Macao SAR",
     "Macao|Macau|Macao Special Administrative Region of China|Región Administrativa "
     "Especial China de Macao|Région spéciale administrative chinoise de Macao|Macau, "
     "Região Especial de Administração Chinesa|Região Administrativa Especial de Macau|"
     "Macao, China|China, Macao SAR"},
    {"mp", "MNP", "Northern Mariana Islands",
     "Islas Marianas del Norte|Îles Mariannes du Nord|Ilhas Marianas do Norte|"
     "Commonwealth of the Northern Mariana Islands|Commonwealth de las Islas Marianas "
     "del Norte|Commonwealth des îles Mariannes du Nord|Comunidade das Ilhas Marianas "
     "do Norte"},
    {"mq", "MTQ", "Martinique", "Martinica"},
    {"mr", "MRT", "Mauritania",
     "Mauritanie|Islamic Republic of Mauritania|República Islámica de Mauritania|"
     "République islamique de Mauritanie"},
    {"ms", "MSR", "Montserrat", "Monserrate"},
    {"mt", "MLT", "Malta",
     "Malte|Republic of Malta|República de Malta|République de Malte"},
    {"mu", "MUS", "Mauritius",
     "Mauricio|Maurice|Maurícia|Republic of Mauritius|República de Mauricio|République "
     "de l'Île Maurice|República de Maurícias"},
    {"mv", "MDV", "Maldives",
     "Islas Maldivas|Maldivas|Republic of Maldives|República de Maldivas|République "
     "des Maldives"},
    {"mw", "MWI", "Malawi",
     "Malaui|Republic of Malawi|República de Malawi|République du Malawi|República de "
     "Malaui"},
    {"mx", "MEX", "Mexico",
     "Mexique|United Mexican States|Estados Unidos Mexicanos|États-Unis du Mexique|"
     "Estados Unidos do México"},
    {"my", "MYS", "Malaysia", "Malasia|Malaisie"},
    {"mz", "MOZ", "Mozambique",
     "Moçambique|Republic of Mozambique|República de Mozambique|République du "
     "Mozambique|República de Moçambique"},
    {"na", "NAM", "Namibia",
     "Namibie|Republic of Namibia|República de Namibia|République de Namibie"},
    {"nc", "NCL", "New Caledonia", "Nueva Caledonia|Nouvelle-Calédonie|Nova Caledónia"},
    {"ne", "NER", "Niger", "Republic of the Niger|República del Níger|République du Niger"},
    {"nf", "NFK", "Norfolk Island", "Isla Norfolk|île Norfolk|Ilha Norfolk"},
    {"ng", "NGA", "Nigeria",
     "Federal Republic of Nigeria|República Federal de Nigeria|République fédérale du "
     "Nigeria|República Federativa da Nigéria"},
    {"ni", "NIC", "Nicaragua",
     "Republic of Nicaragua|República de Nicaragua|République du Nicaragua"},
    {"nl", "NLD", "Netherlands",
     "Países Bajos|Pays-Bas|Países Baixos|Kingdom of the Netherlands|Reino de los "
     "Países Bajos|Royaume des Pays-Bas|Reino dos Países Baixos|Holland|Holanda|"
     "Hollande"},
    {"no", "NOR", "Norway",
     "Noruega|Norvège|Kingdom of Norway|Reino de Noruega|Royaume de Norvège"},
    {"np", "NPL", "Nepal",
     "Federal Democratic Republic of Nepal|República Federal Democrática de Nepal|"
     "République fédérale démocratique du Népal|República Democrática Federativa do "
     "Nepal"},
    {"nr", "NRU", "Nauru", "Republic of Nauru|República de Nauru|République de Nauru"},
    {"nu", "NIU", "Niue", "Nioue"},
    {"nz", "NZL", "New Zealand", "Nueva Zelanda|Nouvelle-Zélande|Nova Zelândia"},
    {"om", "OMN", "Oman",
     "Omã|Sultanate of Oman|Sultanato de Omán|Sultanat d'Oman|Sultanato de Omã"},
    {"pa", "PAN", "Panama", "Republic of Panama|República de Panamá|République du Panama"},
    {"pe", "PER", "Peru", "Pérou|Republic of Peru|República del Perú|République du Pérou"},
    {"pf", "PYF", "French Polynesia", "Polinesia Francesa|Polynésie française"},
    {"pg", "PNG", "Papua New Guinea",
     "Papúa Nueva Guinea|Papouasie-Nouvelle-Guinée|Papua Nova Guiné|Independent State "
     "of Papua New Guinea|Estado Independiente de Papúa Nueva Guinea|État indépendant "
     "de Papouasie-Nouvelle-Guinée|Estado Independente de Papua-Nova Guiné"},
    {"ph", "PHL", "Philippines",
     "Filipinas|Republic of the Philippines|República de Filipinas|République des "
     "Philippines"},
    {"pk", "PAK", "Pakistan",
     "Paquistão|Islamic Republic of Pakistan|República Islámica de Pakistán|République "
     "islamique du Pakistan|República Islâmica do Paquistão"},
    {"pk-km", "", "Kashmir", "Cachemira|Cachemire|Caxemira"},
    {"pl", "POL", "Poland",
     "Polonia|Pologne|Republic of Poland|República de Polonia|République de Pologne"},
    {"pm", "SPM", "Saint Pierre and Miquelon", "San Pedro y Miquelon|São Pedro e Miquelon"},
    {"pn", "PCN", "Pitcairn", "Îles Pitcairn|Pitcairn Islands"},
    {"pr", "PRI", "Puerto Rico", "Porto Rico"},
    {"ps", "PSE", "Palestine",
     "Palestine, State of|Palestina, Estado de|Palestine, État de|Occupied Palestinian "
     "Territory|Palestinian Territories|Palestinian Territory|Territorios Palestinos"},
    {"pt", "PRT", "Portugal",
     "Portuguese Republic|República Portuguesa|République portugaise|República de "
     "Portugal"},
    {"pw", "PLW", "Palau",
     "Palaos|Republic of Palau|República de Palau|République de Palau"},
    {"py", "PRY", "Paraguay",
     "Paraguai|Republic of Paraguay|República del Paraguay|République du Paraguay|"
     "República do Paraguai"},
    {"qa", "QAT", "Qatar",
     "Catar|State of Qatar|Estado de Qatar|État du Qatar|Estado do Catar"},
    {"re", "REU", "Réunion", "Réunion, Île de la|Ilha Reunião|Reunião"},
    {"ro", "ROU ROM", "Romania", "Rumanía|Roumanie|Roménia"},
    {"rs", "SRB", "Serbia",
     "Serbie|Sérvia|Republic of Serbia|República de Serbia|République de Serbie|"
     "República da Sérvia"},
    {"ru", "RUS", "Russia",
     "Russian Federation|Federación Rusa|Russie, Fédération de|Federação Russa|Rusia|"
     "Russie"},
    {"rw", "RWA", "Rwanda",
     "Ruanda|Rwandese Republic|República de Ruanda|République rwandaise"},
    {"sa", "SAU", "Saudi Arabia",
     "Arabie saoudite|Arábia Saudita|Kingdom of Saudi Arabia|Reino de Arabia Saudí|"
     "Royaume d'Arabie saoudite|Reino da Arábia Saudita"},
    {"sb", "SLB", "Solomon Islands", "Islas Salomón|Salomon, Îles|Ilhas Salomão"},
    {"sc", "SYC", "Seychelles",
     "Republic of Seychelles|República de las Seychelles|République des Seychelles"},
    {"sd", "SDN", "Sudan",
     "Soudan|Sudão|Republic of the Sudan|República de Sudán|République du Soudan|"
     "República do Sudão"},
    {"se", "SWE", "Sweden",
     "Suecia|Suède|Kingdom of Sweden|Reino de Suecia|Royaume de Suède"},
    {"sg", "SGP", "Singapore",
     "Singapur|Singapour|Singapura|Cingapura|Republic of Singapore|República de "
     "Singapur|République de Singapour|República de Singapura|República de Cingapura"},
    {"sh", "SHN", "Saint Helena, Ascension and Tristan da Cunha",
     "Santa Elena, Ascensión y Tristán de Acuña|Sainte-Hélène, Ascension et Tristan da "
     "Cunha|Santa Helena, Ascensão e Tristão da Cunha|Saint Helena|Santa Elena|"
     "Sainte-Hélène|Santa Helena"},
    {"si", "SVN", "Slovenia",
     "Eslovenia|Slovénie|Republic of Slovenia|República de Eslovenia|République de "
     "Slovénie"},
    {"sj", "SJM", "Svalbard and Jan Mayen",
     "Svalbard et île Jan Mayen|Svalbard e a Ilha de Jan Mayen"},
    {"sk", "SVK", "Slovakia",
     "Eslovaquia|Slovaquie|Slovak Republic|República Eslovaca|République slovaque|"
     "República da Eslováquia"},
    {"sl", "SLE", "Sierra Leone",
     "Sierra Leona|Serra Leoa|Republic of Sierra Leone|República de Sierra Leona|"
     "République de Sierra Leone|República da Serra Leoa"},
    {"sm", "SMR", "San Marino",
     "Saint-Marin|São Marino|Republic of San Marino|República de San Marino|República "
     "de São Marino"},
    {"sn", "SEN", "Senegal",
     "Republic of Senegal|República del Senegal|République du Sénégal"},
    {"so", "SOM", "Somalia",
     "Somalie|Federal Republic of Somalia|República Federal de Somalia|République "
     "fédérale de Somalie|República Federativa da Somália"},
    {"so-som", "", "Somaliland", "Somalilandia"},
    {"sr", "SUR", "Suriname",
     "Surinám|Republic of Suriname|República de Surinam|République du Surinam|"
     "República do Suriname"},
    {"ss", "SSD", "South Sudan",
     "Sudán del Sur|Soudan du Sud|Sudão do Sul|Republic of South Sudan|República de "
     "Sudán del Sur|République du Soudan du Sud|República do Sudão do Sul"},
    {"st", "STP", "São Tomé and Príncipe",
     "Santo Tomé y Príncipe|Democratic Republic of Sao Tome and Principe|República "
     "Democrática de Santo Tomé y Príncipe|République démocratique de Sao Tomé et "
     "Principe|República Democrática de São Tomé e Príncipe|Sao Tome"},
    {"suhh", "SUN", "Soviet Union",
     "USSR|URSS|Union of Soviet Socialist Republics|Unión Soviética|Union soviétique|"
     "União Soviética"},
    {"sv", "SLV", "El Salvador",
     "Republic of El Salvador|República de El Salvador|République d'El Salvador"},
    {"sx", "SXM", "Sint Maarten",
     "Sint Maarten (Dutch part)|San Martín (zona holandesa)|Saint-Martin (partie "
     "néerlandaise)|São Martinho (Países Baixos)|São Martim (parte holandesa)"},
    {"sy", "SYR", "Syria",
     "Syrian Arab Republic|República árabe de Siria|Syrienne, République arabe|Siria|"
     "Syrie"},
    {"sz", "SWZ", "Eswatini",
     "Esuatini|Suazilândia|Kingdom of Eswatini|Reino de Esuatini|Royaume d’Eswatini|"
     "Reino da Suazilândia|Swaziland"},
    {"ta", "", "Tristan da Cunha", ""},
    {"tc", "TCA", "Turks and Caicos Islands",
     "Islas Turcas y Caicos|îles Turques-et-Caïques|Ilhas Turcas e Caicos|Ilhas Turks "
     "e Caicos"},
    {"td", "TCD", "Chad",
     "Tchad|Chade|Republic of Chad|República del Chad|République du Tchad|República do "
     "Chade"},
    {"tf", "ATF", "French Southern Territories",
     "Territorios Franceses del Sur|Terres australes françaises|Territórios Franceses "
     "do Sul"},
    {"tg", "TGO", "Togo",
     "Togolese Republic|República Togolesa|République togolaise|República de Togo"},
    {"th", "THA", "Thailand",
     "Tailandia|Thaïlande|Kingdom of Thailand|Reino de Tailandia|Royaume de Thaïlande"},
    {"tj", "TJK", "Tajikistan",
     "Tayikistán|Tadjikistan|Tajiquistão|Tadjiquistão|Republic of Tajikistan|República "
     "de Tayikistán|République du Tadjikistan|República do Tajiquistão|República do "
     "Tadjiquistão"},
    {"tk", "TKL", "Tokelau", "Toquelau"},
    {"tl", "TLS TMP", "Timor-Leste",
     "Timor Oriental|Democratic Republic of Timor-Leste|República Democrática de Timor "
     "Oriental|République démocratique du Timor-Leste|República Democrática de "
     "Timor-Leste|East Timor|Timor"},
    {"tm", "TKM", "Turkmenistan", "Turquemenistão|Turcomenistão"},
    {"tn", "TUN", "Tunisia",
     "Túnez|Tunisie|Republic of Tunisia|República de Túnez|République de Tunisie|"
     "República da Tunísia"},
    {"to", "TON", "Tonga", "Kingdom of Tonga|Reino de Tonga|Royaume des Tonga"},
    {"tr", "TUR", "Türkiye",
     "Turquia|Republic of Türkiye|República da Turquia|Turkey|Turquie"},
    {"tt", "TTO", "Trinidad and Tobago",
     "Trinité-et-Tobago|Trindade e Tobago|Trinidade e Tobago|Republic of Trinidad and "
     "Tobago|República de Trinidad y Tobago|République de Trinité et Tobago|República "
     "de Trinidade e Tobago|Trinidad"},
    {"tv", "TUV", "Tuvalu", ""},
    {"tw", "TWN", "Taiwan",
     "Taiwan, Province of China|Taiwán, Provincia de China|Taïwan, province de Chine|"
     "Taiwan, China|Chinese Taipei|Republic of China"},
    {"tz", "TZA", "Tanzania",
     "Tanzania, United Republic of|Tanzania, República unida de|Tanzanie, République "
     "unie de|Tanzanie"},
    {"ua", "UKR", "Ukraine", "Ucrania"},
    {"ua-cri", "", "Crimea (Occupied Ukraine)", "Crimea|Crimée|Crimeia"},
    {"ua-dpr", "", "Donetsk (Occupied Ukraine)", "Donetsk People's Republic"},
    {"ua-lpr", "", "Luhansk (Occupied Ukraine)", "Luhansk People's Republic"},
    {"ug", "UGA", "Uganda",
     "Ouganda|Republic of Uganda|República de Uganda|République d'Ouganda"},
    {"um", "UMI", "U.S. Outlying Islands",
     "United States Minor Outlying Islands|Islas Ultramarinas Menores de Estados "
     "Unidos|Îles mineures éloignées des États-Unis|Ilhas Menores Distantes dos "
     "Estados Unidos|US Minor Outlying Islands"},
    {"un", "UNO UNA", "United Nations", "ONU|Naciones Unidas|Nations Unies|Nações Unidas"},
    {"us", "USA", "United States",
     "Estados Unidos|États-Unis|United States of America|Estados Unidos de América|"
     "États-Unis d'Amérique|EE.UU.|EEUU|EUA"},
    {"uy", "URY", "Uruguay",
     "Uruguai|Eastern Republic of Uruguay|República Oriental del Uruguay|République "
     "orientale d'Uruguay|República Oriental do Uruguai"},
    {"uz", "UZB", "Uzbekistan",
     "Ouzbékistan|Uzbequistão|Republic of Uzbekistan|República de Uzbekistán|"
     "République d'Ouzbékistan|República do Uzbequistão"},
    {"va", "VAT", "Holy See",
     "Holy See (Vatican City State)|Santa Sede (Ciudad Estado del Vaticano)|"
     "Saint-Siège (état de la cité du Vatican)|Santa Sé (Estado da Cidade do Vaticano)|"
     "Vatican|Vatican City|Vatican City State|Ciudad del Vaticano|Vaticano|Cité du "
     "Vatican|Santa Sede|Saint-Siège|Cidade do Vaticano|Santa Sé"},
    {"vc", "VCT", "Saint Vincent and the Grenadines",
     "San Vicente y las Granadinas|São Vicente e Granadinas|St Vincent"},
    {"ve", "VEN", "Venezuela",
     "Venezuela, Bolivarian Republic of|Venezuela, República Bolivariana de|Vénézuela, "
     "république bolivarienne du"},
    {"vg", "VGB", "British Virgin Islands",
     "Islas Vírgenes, Británicas|Îles Vierges britanniques|Ilhas Virgens, Britânicas|"
     "Virgin Islands (UK)"},
    {"vi", "VIR", "U.S. Virgin Islands",
     "Islas Vírgenes, de EEUU|Îles Vierges, États-Unis|Ilhas Virgens, Estados Unidos|"
     "Virgin Islands of the United States|Islas Vírgenes de los Estados Unidos|Îles "
     "Vierges des États-Unis d'Amérique"},
    {"vn", "VNM", "Vietnam",
     "Viet Nam|Vietname|Vietnã|Socialist Republic of Viet Nam|República Socialista de "
     "Vietnam|République socialiste du Viet Nam|República Socialista do Vietname|"
     "República Socialista do Vietnã"},
    {"vu", "VUT", "Vanuatu",
     "Republic of Vanuatu|República de Vanuatu|République du Vanuatu"},
    {"wf", "WLF", "Wallis and Futuna", ""},
    {"ws", "WSM", "Samoa",
     "Independent State of Samoa|Estado Independiente de Samoa|État indépendant de "
     "Samoa|Estado Independente de Samoa"},
    {"x-so", "", "South Ossetia (Occupied Georgia)",
     "South Ossetia|Osetia del Sur|Ossétie du Sud|Ossétia do Sul"},
    {"xa", "", "User-assigned XA", ""},
    {"xb", "", "User-assigned XB", ""},
    {"xc", "", "User-assigned XC", ""},
    {"xd", "", "User-assigned XD", ""},
    {"xe", "", "User-assigned XE", ""},
    {"xf", "", "User-assigned XF", ""},
    {"xg", "", "User-assigned XG", ""},
    {"xh", "", "User-assigned XH", ""},
    {"xi", "", "User-assigned XI", ""},
    {"xj", "", "User-assigned XJ", ""},
    {"xk", "XKX RKS UNK", "Kosovo",
     "Kosovo under UNSCR 1244|Kosovo (UNSCR 1244)|Kosovo (under UNSC Resolution 1244)|"
     "Kosovo (United Nations administered region)|Republic of Kosovo|República de "
     "Kosovo"},
    {"xl", "", "User-assigned XL", ""},
    {"xm", "", "User-assigned XM", ""},
    {"xn", "", "User-assigned XN", ""},
    {"xo", "", "User-assigned XO", ""},
    {"xp", "", "User-assigned XP", ""},
    {"xq", "", "User-assigned XQ", ""},
    {"xr", "", "User-assigned XR", ""},
    {"xs", "", "User-assigned XS", ""},
    {"xt", "", "User-assigned XT", ""},
    {"xu", "", "User-assigned XU", ""},
    {"xv", "", "User-assigned XV", ""},
    {"xw", "", "User-assigned XW", ""},
    {"xx", "", "Stateless or unspecified", ""},
    {"xy", "", "User-assigned XY", ""},
    {"xz", "", "User-assigned XZ", ""},
    {"ye", "YEM", "Yemen",
     "Iémen|Republic of Yemen|República del Yemen|République du Yémen|República do "
     "Iémen"},
    {"yt", "MYT", "Mayotte", "Maiote"},
    {"yucs", "YUG", "Yugoslavia", "Former Yugoslavia|Yougoslavie|Iugoslávia|Jugoslávia"},
    {"za", "ZAF", "South Africa",
     "Sudáfrica|Afrique du Sud|África do Sul|Republic of South Africa|República de "
     "Sudáfrica|République d'Afrique du Sud|República da África do Sul"},
    {"zm", "ZMB", "Zambia",
     "Zambie|Republic of Zambia|República de Zambia|République de Zambie"},
    {"zr", "ZAR", "Zaire", ""},
    {"zw", "ZWE", "Zimbabwe",
     "Zimbabue|Republic of Zimbabwe|República de Zimbabue|République du Zimbabwe"},
};
/* clang-format on */

const size_t country_table_count = sizeof country_table / sizeof *country_table;
