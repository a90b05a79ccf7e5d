"""The templates of the sample's texts, by language.

A name in braces stands for one of its words in `WORDS`; `{n}` is a number,
`{friend}` the handle of another account.
"""

from __future__ import annotations

from typing import Final

POSTS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "First {plants} of the year! 🌱",
        "{weather} again, so the {plants} stay under fleece for now.",
        (
            "Bread diary: {grain}, {n} hours in the cold. The crumb is open at last."
            " #sourdough"
        ),
        "Does anybody know why {plants} drop their flowers when the nights get cold?",
        "Saw {n} {birds} by the {place} this morning, and one very annoyed cat. #birds",
        "Clear night: {sky} right above the roofs. Cold feet, no regrets. #astronomy",
        "Today I learned that {fact}.",
        "The tram was {n} minutes late and nobody minded, because {reason}.",
        (
            "Wrote a small script that {script}. {n} lines, two bugs, one of them mine."
            " #python"
        ),
        (
            "New in the journal: what {n} failed loaves have taught me."
            " example.org/journal/{slug}"
        ),
        "Thank you @{friend} for the seeds! The {plants} are up already.",
        "@{friend} you were right about the {plants}. I will not say it twice.",
        "{n} km along the {place} before breakfast. Legs: no. Head: yes.",
        "Swapped {n} jars of honey for a bicycle pump. The {place} economy is healthy.",
        (
            "The library has a seed drawer now. You borrow {plants},"
            " you return {plants}.\n\nBest idea of the year. #commons"
        ),
        "If you need me I will be in the shed with {n} pots and no plan.",
        "{weather} outside, radio on, soup. That is the whole post.",
        (
            "Made a map of every bench by the {place}. {n} so far, {n} with a view."
            " example.org/benches"
        ),
        "Question for the {birds} people: is the song at 4 in the morning a feature?",
        "Small victories: {reason}.",
    ),
    "de": (
        "Endlich Regen. Die {pflanzen} freuen sich, ich auch.",
        "Heute nur {n} Minuten Verspätung. Der Schaffner hat Pflaumen verteilt.",
        "Brot gebacken, Fenster auf, Radio an. Mehr Sonntag geht nicht.",
        (
            "Heute {n} Gläser Marmelade gekocht. Die Küche klebt, alle sind glücklich."
            " #einkochen"
        ),
        (
            "Weiß jemand, wie man Schnecken von den {pflanzen} fernhält, ohne sie zu"
            " ärgern?"
        ),
        "Sternenklar über dem Hafen, {himmel} genau über dem Kran.",
        "Das Wort des Tages ist „{wort}“.",
        "Danke @{friend}, die {pflanzen} sind gut angekommen!",
    ),
    "fr": (
        "Les {plantes} ont passé l’hiver, et moi aussi. 🌷",
        "Marché du samedi : {n} sortes de pommes, impossible de choisir.",
        "Quelqu’un a une recette pour {n} kilos de courgettes ? #jardin",
        "Pluie fine sur le port, café chaud, rien d’autre au programme.",
    ),
    "es": (
        "¡Por fin han florecido las {plantas}! 🌼",
        "Hoy hemos plantado {n} árboles con la gente del barrio. #huerto",
        "¿Alguien sabe cómo se llama este pájaro? Canta a las cuatro de la mañana.",
        "Pan recién hecho. Por primera vez, sin quemar.",
    ),
    "pt": (
        "As {plantasp} já nasceram. Só faltava o sol. 🌞",
        "Café, pão quente e {n} páginas de um livro. Bom domingo!",
        "Alguém troca sementes? Tenho {n} envelopes a mais. #horta",
    ),
    "it": (
        "Il basilico è vivo. Ripeto: il basilico è vivo. 🌿",
        "{n} barattoli di passata e una cucina da ridipingere. #conserve",
    ),
    "nl": (
        "Wind tegen, heen én terug. {n} kilometer. #fietsen",
        "De {plantenn} staan er goed bij, zeggen de slakken ook.",
    ),
    "pl": (
        "Pierwsze {rosliny} w tym roku! Cała garść. 🍓",
        "Ktoś ma pomysł na {n} kilogramów dyni? #ogród",
    ),
    "uk": ("Нарешті весна: {roslyny} вже цвітуть. 🌸", "{n} банок варення готово."),
    "ja": (
        "今朝、{hana}が咲きました。🌸",
        "パンを{n}個焼いた。ご近所さんに配ります。#パン",
        "港の上に{hoshi}が見える。寒いけど、きれい。",
        "カタツムリと交渉中。今のところ負けています。",
    ),
    "ko": (
        "드디어 {kkot}이 피었어요. 🌼",
        "도서관에서 씨앗을 {n}개 빌렸습니다. #텃밭",
        "비 오는 날엔 역시 국수죠.",
    ),
    "tr": ("Domatesler çıktı, {n} tane! 🍅", "Yağmur, çay, kitap. Başka bir şey yok."),
    "ar": ("أزهرت شجرة اللوز اليوم. 🌸", "خبز وزيتون وشاي، صباح الخير."),
    "hi": ("आज बगीचे में {n} गेंदे खिले। 🌼", "बारिश, चाय और एक अच्छी किताब।"),
}

ABOUT_THE_SKY: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "{sky} tonight, {n} minutes before the clouds. I will take it. #astronomy",
        "{n} exposures of {sky}, {n} of them of my own sleeve.",
        "Sold the second greenhouse, bought a mirror. No, I am fine. #telescope",
        "{weather} here. The forecast promised {sky}. I have written to nobody.",
        "Counted {n} meteors from the {place}, and {n} people who asked what for.",
        "You need no telescope for {sky}. You need a coat and a dark {place}.",
        "The comet, low over the {place}, with its tail up. I had no words. Now {n}.",
        "Green, then red, then the whole sky. The {place} was full of neighbors.",
        "New in the journal: a year of {sky}. example.org/journal/{slug}",
        "Logged {sky}: seeing {n} out of 30, fingers none. #astronomy",
        "@{friend} look west, above the {place}, now!",
        "The {birds} left at dusk, {sky} came up. A fair exchange.",
        "Ground a mirror for {n} evenings. It is almost round. #telescope",
        "Wrote a script that tells me when {sky} rises over the {place}. #python",
        "Five planets before breakfast. The {plants} can wait.",
        "Asked for a dark hour at the {place}: {n} lamps off, {sky} on.",
    ),
    "de": (
        "{himmel}, {n} Minuten lang, dann Wolken. Es hat gereicht. #astronomie",
        "Heute Nacht am Hafen: {himmel} und {n} kalte Finger.",
        "Polarlicht über der Stadt! Alle standen auf der Straße.",
    ),
    "ja": (
        "港で{hoshi}を見た。{n}分だけ晴れた。#天体",
        "望遠鏡が届いた。庭はしばらくお休み。",
    ),
}
"""Posts about the night sky; see `activity.percent_about_the_sky`."""

LANGUAGES: Final = (*("en",) * 22, *("de",) * 7, *("fr", "es", "ja") * 3, *POSTS)
"""Languages of posts, weighted by repetition."""

REPLIES: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "Same here! The {plants} did it.",
        "Update: still alive.",
        "The {place} one? I walk past it every day and never noticed.",
        "Not before the {plants} are in, sorry.",
        "{weather} here. Send some of yours?",
        "Update: {n} more. I have run out of shelves.",
        "Try it with {grain}, it makes all the difference.",
        "Ha! I had to look that up: {fact}.",
        "Yes. No. Ask me again after the {birds} have left.",
        "This made my day, thank you 🧡",
        "Where is that? It looks like our {place}.",
        "I have {n} spare ones, shall I post them to you?",
        "@{friend} have you seen this?",
    ),
    "de": (
        "Bei mir auch, schon seit {n} Tagen.",
        "„{wort}“, herrlich.",
        "Die {pflanzen} sind schuld, wie immer.",
    ),
    "fr": ("Chez nous aussi ! Vive les {plantes}.", "Merci, je vais essayer."),
    "es": ("¡Qué bonito! Aquí todavía llueve.", "Gracias, lo probaré."),
    "ja": ("うちの{hana}もそろそろです。", "ありがとうございます！"),
}

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "plants": (
        "radishes",
        "tomatoes",
        "broad beans",
        "sweet peas",
        "strawberries",
        "dahlias",
        "courgettes",
        "chillies",
        "potatoes",
        "leeks",
        "sunflowers",
    ),
    "weather": ("Frost", "Drizzle", "Fog", "Hail, actual hail,", "East wind", "Sun"),
    "grain": ("rye", "spelt", "half rye, half wheat", "old emmer", "barley and seeds"),
    "birds": ("starlings", "swifts", "curlews", "sparrows", "kingfishers", "gulls"),
    "place": ("harbor", "canal", "allotment", "old railway", "river", "quarry"),
    "sky": (
        "Jupiter and four moons",
        "the Pleiades",
        "a very thin moon",
        "Saturn",
        "Orion",
        "M31",
    ),
    "fact": (
        "a banana is a berry and a strawberry is not",
        "an octopus has three hearts",
        "on Venus a day is longer than a year",
        "swifts sleep in the air",
        "honey from ancient tombs could still be eaten",
        "there are more ways to shuffle a deck of cards than atoms on Earth",
        "bees can tell faces apart",
    ),
    "reason": (
        "the driver told us about her {plants}",
        "a dog in a raincoat got on",
        "the sunset was doing its thing",
        "somebody had brought plums for everyone",
        "it was warm inside",
        "the bakery gave me the last loaf for nothing",
    ),
    "script": (
        "waters the {plants}",
        "tells me when to bring in the washing",
        "counts {birds} on a recording",
        "renames nine years of photos",
        "prints tomorrow’s tides on a receipt",
    ),
    "slug": ("rye", "failed-loaves", "seed-library", "night-sky", "snail-treaty"),
    "pflanzen": ("Radieschen", "Tomaten", "Stangenbohnen", "Dahlien", "Erdbeeren"),
    "himmel": ("der Jupiter", "der Große Wagen", "ein sehr dünner Mond"),
    "wort": (
        "Feierabend",
        "Schmuddelwetter",
        "Fernweh",
        "Schneckenkorn",
        "Donaudampfschifffahrtsgesellschaft",
    ),
    "plantes": ("tulipes", "fraises", "fèves", "roses"),
    "plantas": ("amapolas", "fresas", "habas", "margaritas"),
    "plantasp": ("favas", "alfaces", "papoilas"),
    "plantenn": ("tulpen", "tuinbonen", "aardbeien"),
    "rosliny": ("truskawki", "rzodkiewki", "poziomki"),
    "roslyny": ("вишні", "тюльпани", "яблуні"),
    "hana": ("桜", "朝顔", "梅", "紫陽花"),
    "hoshi": ("木星", "オリオン座", "細い月"),
    "kkot": ("수국", "벚꽃", "동백꽃"),
}

ALT_TEXTS: Final = (
    "A wooden crate full of {plants}, one of them shaped like a duck",
    "A round loaf of {grain} bread, cut open on a blue cloth",
    "{n} {birds} on a wire above the {place}, in the last light",
    "The {place} in fog; a red boat is the only color",
    "Hands holding seedlings of {plants} in egg boxes",
    "{sky} over dark roofs, photographed with too short an exposure",
    "A cat asleep on a sack of potatoes",
    "",
)

CARDS: Final = (
    ("benches", "Every bench in town", "A map, drawn by hand and then by script."),
    ("seed-library", "The seed library", "Borrow in spring, return in autumn."),
    ("tides", "Tomorrow’s tides", "High water, low water, and whether to wear boots."),
    ("journal/rye", "What rye wants", "Water, time, and to be left alone."),
    ("swifts", "Swift counts", "Twenty summers of counting from one window."),
)

LISTS: Final = (
    ("Garden people", "They answer questions about slugs.", "curatelist"),
    ("Night sky", "Look up with these.", "curatelist"),
    ("Muted for the harvest", "Nothing personal, ask me in November.", "modlist"),
)

JOURNAL: Final = (
    (
        "a-year-of-benches",
        "A year of benches",
        "I sat on every bench in town and took notes. Some had opinions.",
    ),
    (
        "borrowing-seeds",
        "How to borrow a seed",
        "A library that lends what cannot come back as it was.",
    ),
    (
        "looking-up",
        "Looking up",
        "You need no telescope. You need a coat, and a place without lamps.",
    ),
    (
        "the-snail-treaty",
        "The snail treaty",
        "Article one: the lettuce behind the shed belongs to the snails.",
    ),
    (
        "what-rye-wants",
        "What rye wants",
        "Rye does not want to be kneaded. It wants water, time, and to be left alone.",
    ),
)
"""Record key, title and first sentence, by record key."""

CHAPTER: Final = (
    "{weather} in the morning. I took the {grain} loaf and walked to the {place}.",
    "- {n} {birds}, none of them surprised\n- {n} {plants}, some of them mine",
    "Somebody told me that {fact}. I looked it up at home: it is true.",
    "By evening there was {sky} above the {place}. That was that, because {reason}.",
)

PLANTS: Final = (
    ("black-radish", "Black radish", "Raphanus sativus"),
    ("broad-bean", "Broad bean", "Vicia faba"),
    ("dahlia", "Dahlia", "Dahlia pinnata"),
    ("field-poppy", "Field poppy", "Papaver rhoeas"),
    ("gardeners-delight", "Tomato “Gardener’s Delight”", "Solanum lycopersicum"),
    ("hollyhock", "Stockrose", "Alcea rosea"),
    ("hydrangea", "紫陽花", "Hydrangea macrophylla"),
    ("musquee-de-provence", "Courge musquée de Provence", "Cucurbita moschata"),
    ("runner-bean", "Runner bean", "Phaseolus coccineus"),
    ("sweet-pea", "Sweet pea", "Lathyrus odoratus"),
    ("wild-strawberry", "Poziomka", "Fragaria vesca"),
)
"""Record key, name and species, by record key."""

NAMES: Final = (
    "ada", "amina", "anouk", "arjun", "bela", "chidi", "dora", "elif", "emre",
    "femi", "greta", "haru", "ines", "ivo", "jana", "jonas", "kaito", "leila",
    "lucia", "mateo", "mika", "nadia", "noor", "olga", "paula", "quinn", "rafa",
    "sanna", "tariq", "uma", "vera", "wim", "xiomara", "yara", "zofia",
)  # fmt: skip
DOMAINS: Final = ("example.com", "example.net", "example.org")
