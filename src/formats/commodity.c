/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/commodity.h"

#include "base/text.h"

/* The first row whose words stand in the name decides, so the more special stand above: a
 * synthetic cannabinoid is no cannabis, and MDP2P is what MDMA is made from.
 *
 * Names are compared in lower case, every character that is no ASCII letter or digit being
 * a space, with one at either end: " lsd " is a whole word, " coca" the beginning of one,
 * and "cathinone" may stand anywhere. */
/* clang-format off */
static const struct {
    const char *words;
    const char *group;
} table[] = {
    /* made from, or with */
    {" precursor", "precursor"},          {"pseudoephedrine", "precursor"},
    {" ephedrine", "precursor"},          {"norephedrine", "precursor"},
    {" mdp2p", "precursor"},              {"mdp 2 p", "precursor"},
    {" pmk", "precursor"},                {" bmk", "precursor"},
    {" p2p", "precursor"},                {" p 2 p ", "precursor"},
    {"phenyl 2 propanone", "precursor"},  {" phenylacet", "precursor"},
    {" apaan", "precursor"},              {" safrol", "precursor"},
    {" piperonal", "precursor"},          {" acetic anhydride", "precursor"},
    {" permanganate", "precursor"},       {" potassium ", "precursor"},
    {" sodium ", "precursor"},            {" ammonium", "precursor"},
    {" sulphuric", "precursor"},          {" sulfuric", "precursor"},
    {" hydrochloric", "precursor"},       {" toluene", "precursor"},
    {" aceton", "precursor"},             {" ethyl ether", "precursor"},
    {" methyl ethyl ketone", "precursor"},{" cyclohexanone", "precursor"},
    {" dimethylamine", "precursor"},      {" methylamine", "precursor"},
    {" ergot", "precursor"},              {" lysergic acid ", "precursor"},
    {" anthranilic", "precursor"},        {" gbl ", "sedative"},
    /* new psychoactive substances: many names hold that of the substance they imitate */
    {"synthetic cannabinoid", "nps"},     {" cannabinoid", "nps"},
    {" jwh", "nps"},                      {" am 2201", "nps"},
    {" rcs 4", "nps"},                    {" xlr 11", "nps"},
    {" ur 144", "nps"},                   {" hu 210", "nps"},
    {" akb48", "nps"},                    {" 5f ", "nps"},
    {" spice ", "nps"},                   {" cathinone ", "ats"},
    {" methcathinone ", "ats"},           {"cathinone", "nps"},
    {" mephedrone", "nps"},               {" methylone", "nps"},
    {" butylone", "nps"},                 {" pentedrone", "nps"},
    {" mdpv", "nps"},                     {" 4 mec ", "nps"},
    {" 4 meppp", "nps"},                  {" benzofuran", "nps"},
    {" 5 apb", "nps"},                    {" 6 apb", "nps"},
    {" phenethylamine", "nps"},           {" piperazine", "nps"},
    {" bzp ", "nps"},                     {"nbome", "nps"},
    {" methiopropamine", "nps"},          {" ethylphenidate", "nps"},
    {" methoxetamine", "nps"},            {" dimethocaine", "nps"},
    {"fluoroamphetamine", "nps"},         {"fluoromethamphetamine", "nps"},
    {" methylhexanamine", "nps"},         {"nitazene", "opioid"},
    /* the large groups */
    {" coca", "cocaine"},                 {" crack", "cocaine"},
    {" basuco", "cocaine"},               {" bazuco", "cocaine"},
    {" heroi", "opioid"},                 {" hero na", "opioid"},
    {" h ro ne", "opioid"},               {" opi", "opioid"},
    {" poppy", "opioid"},                 {" amapola", "opioid"},
    {" papoila", "opioid"},               {"morphin", "opioid"},
    {"morfin", "opioid"},                 {"codein", "opioid"},
    {" code na", "opioid"},               {" codidol", "opioid"},
    {"methadon", "opioid"},               {"metadon", "opioid"},
    {"fentan", "opioid"},                 {"tramadol", "opioid"},
    {"buprenorph", "opioid"},             {"buprenorf", "opioid"},
    {" oxycod", "opioid"},                {" hydrocod", "opioid"},
    {"morphone", "opioid"},               {"poxyphen", "opioid"},
    {"diphenoxylate", "opioid"},          {" tilidat", "opioid"},
    {" substitol", "opioid"},             {" somnubene", "sedative"},
    {" pethidine", "opioid"},             {" krokodil", "opioid"},
    {" kratom", "plant"},                 {" cannabis", "cannabis"},
    {" marijuana", "cannabis"},           {" marihuana", "cannabis"},
    {" maconha", "cannabis"},             {" hashish", "cannabis"},
    {" haschi", "cannabis"},              {" hachis", "cannabis"},
    {" haxixe", "cannabis"},              {" ganja", "cannabis"},
    {" thc ", "cannabis"},                {" sinsemilla", "cannabis"},
    {" amphet", "ats"},                   {" anfetam", "ats"},
    {" amf tam", "ats"},                  {" dexamphet", "ats"},
    {"methamphet", "ats"},                {" metanfetam", "ats"},
    {" methylamphet", "ats"},             {"n methylamphetamine", "ats"},
    {" ecstasy", "ats"},                  {" xtc", "ats"},
    {" xtasis", "ats"},                   {" mdma ", "ats"},
    {" mda ", "ats"},                     {" mdea ", "ats"},
    {" mmda ", "ats"},                    {" pma ", "ats"},
    {" pmma ", "ats"},                    {" captagon", "ats"},
    {" fenethyl", "ats"},                 {" fenetyl", "ats"},
    {" methylphenidat", "ats"},           {"stimulant", "ats"},
    {" phentermine", "ats"},              {"phendimetrazin", "ats"},
    {" shabu", "ats"},                    {" yaba ", "ats"},
    {"zepam", "sedative"},                {"zolam", "sedative"},
    {" benzodiazep", "sedative"},         {" tofisopam", "sedative"},
    {"loflazepate", "sedative"},          {" rohypnol", "sedative"},
    {"barbit", "sedative"},               {"barbital", "sedative"},
    {" ghb ", "sedative"},                {" gaba", "sedative"},
    {" zolpidem", "sedative"},            {" zopiclon", "sedative"},
    {" methaqualone", "sedative"},        {" mandrax", "sedative"},
    {" sedative", "sedative"},            {" tranquil", "sedative"},
    {" praxiten", "sedative"},            {" anxiolit", "sedative"},
    {" xanax", "sedative"},               {" brotizolam", "sedative"},
    {" lsd ", "hallucinogen"},            {" lysergide", "hallucinogen"},
    {"psiloc", "hallucinogen"},           {"mushroom", "hallucinogen"},
    {"tryptamin", "hallucinogen"},        {" dmt ", "hallucinogen"},
    {" 5 meo ", "hallucinogen"},          {" ho dipt", "hallucinogen"},
    {" 4 ho ", "hallucinogen"},           {" ayahuasca", "hallucinogen"},
    {" mescalin", "hallucinogen"},        {" peyot", "hallucinogen"},
    {" ketamin", "hallucinogen"},         {" cetamin", "hallucinogen"},
    {" phencyclidin", "hallucinogen"},    {" pcp ", "hallucinogen"},
    {" 2c", "hallucinogen"},              {" dob ", "hallucinogen"},
    {" doc ", "hallucinogen"},            {" dom ", "hallucinogen"},
    {"hallucinogen", "hallucinogen"},     {" alucin", "hallucinogen"},
    {" khat", "plant"},                   {" qat ", "plant"},
    {" catha ", "plant"},                 {" plant", "plant"},
    {" lactuca", "plant"},                {" leonotis", "plant"},
    {" turnera", "plant"},                {" salvia", "plant"},
};
/* clang-format on */

const char *commodity_of(struct bytes substance)
{
    char folded[COMMODITY_NAME_MAX + 3];
    size_t len = 0;
    folded[len++] = ' ';
    for (size_t i = 0; i < substance.len && i < COMMODITY_NAME_MAX; i++) {
        uint8_t c = substance.at[i];
        bool blank = !is_letter(c) && !is_digit(c);
        if (!blank || folded[len - 1] != ' ')
            folded[len++] = blank ? ' ' : (char)to_lower(c);
    }
    if (folded[len - 1] != ' ')
        folded[len++] = ' ';
    folded[len] = '\0';
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strstr(folded, table[i].words) != NULL)
            return table[i].group;
    return "other";
}
