"""What stands in the pictures, in the language of the demonstration: Hebrew, English."""

from typing import Any

from django.conf import settings

# What stands in the pictures, in the language of the demonstration: Hebrew, English.
WORDS = {
    "draft": ("בית משפחת ברק, חדרה", "Barak family house, Hadera"),
    "unit": ("יחידת דיור, בנימינה", "Garden unit, Binyamina"),
    "stages": (("יסודות", "שלד", "גמר"), ("Foundations", "Frame", "Finishes")),
    "criteria": (
        ("אין שום סדק אחרי שבוע", "המפקח בדק במקום"),
        ("No crack after a week", "The supervisor checked on site"),
    ),
    "stain": ("בפינה הצפונית נשאר כתם אחרי ההצפה", "A stain stayed in the north corner after the flood test"),
    "asked": ("הקבלן ביקש להקדים", "The contractor asked to be paid early"),
    "equal": (("יסודות", "שלד", "איטום", "גמר"), ("Foundations", "Frame", "Waterproofing", "Finishes")),
    "flood": (
        ("אין שום כתם אחרי הצפה של יומיים", "המפקח בדק"),
        ("No stain after a flood test of two days", "The supervisor checked"),
    ),
    "hoping": ("בית משפחת ארז, זכרון יעקב", "Erez family house, Zikhron Ya'akov"),
    "wide": (
        {"goal": "אפשר לעבור במסדרון עם עגלת תאומים", "measure": "רוחב נקי של 110 ס״מ לכל אורכו"},
        {"goal": "A twin pram passes through the corridor", "measure": "110 cm clear along all of it"},
    ),
    "quiet": (
        {"goal": "לא עובדים באתר אחרי שש בערב", "measure": "אף יום עבודה ביומן לא נגמר אחרי 18:00"},
        {
            "goal": "No work on site after six in the evening",
            "measure": "No day in the journal ends after 18:00",
        },
    ),
    "promised": (
        {"goal": "נכנסים לבית לפני פסח", "measure": "המפתחות אצלנו עד ערב החג"},
        {"goal": "We move in before Passover", "measure": "We have the keys by the eve of the feast"},
    ),
    "counter": (
        "ביום יציקה עובדים עד שמונה, בהודעה יומיים מראש. יציקה בשני ימים מייקרת את השלד.",
        "On a day of pouring we work until eight, and say so two days before. Two days of it cost more.",
    ),
    "keeping": ("דירת משפחת תבור, כרמיאל", "Tavor family flat, Karmiel"),
    "narrow": ("ליד חדר הכביסה נשארו 96 ס״מ", "96 cm are left beside the laundry"),
    "faulty": ("בית משפחת גל, כרכור", "Gal family house, Karkur"),
    "balcony": ("המרפסת עוד לא גמורה", "The balcony is not finished yet"),
    "wall": ("ציור: קיר", "Drawing: a wall"),
    "defects": (
        ("שקע בחדר הילדים נמוך ב־12 ס״מ מהסימון", "קופסת חיבורים בלי מכסה", "נזילה קלה במחלק המים"),
        (
            "Socket in the children's room is 12 cm below the mark",
            "Junction box without a cover",
            "Small leak at the manifold",
        ),
    ),
    "floor": ("קומה א׳", "First floor"),
    "repaired": ("הוחלף, ונבדק שוב", "Replaced, and checked again"),
    "scratches": (
        ("שריטה באריח", "פס רובה חסר במטבח", "ידית רופפת"),
        ("Scratch on a tile", "Missing grout line in the kitchen", "Loose door handle"),
    ),
    "cheaper": ("זול יותר מתיקון", "Cheaper than a repair"),
    "crack": ("סדק לאורך הקורה", "Crack along the beam"),
    "tiles": ("אריחי שיש בכל הבית", "Marble tiles in the whole house"),
    "too dear": ("נישאר עם האריחים שבחוזה", "We stay with the tiles of the contract"),
    "pergola": ("פרגולה במרפסת", "Pergola on the balcony"),
    "pergola done": (
        ["יושבים בצל בצהריים", "אין חלודה אחרי גשם ראשון"],
        ["One sits in the shade at noon", "No rust after the first rain"],
    ),
    "changing": ("בית משפחת ברקאי, רעננה", "Barkai family house, Ra'anana"),
    "no beam": ("בלי קורת הפלדה", "Without the steel beam"),
    "bears": ("הקיר נושא לבדו", "The wall bears by itself"),
    "windows": ("חלונות גדולים בסלון", "Large windows in the living room"),
    "light": ("ביקשתם עוד אור", "You asked for more light"),
    "done": ("דירת גן, זכרון יעקב", "Garden flat, Zikhron Ya'akov"),
    "keys": (
        "3 מפתחות לדלת הכניסה, 2 לחניה.\nחוברות הפעלה: דוד, תריסים.\nשריטה בדלת המטבח, לתיקון עד סוף החודש.",
        "3 keys to the front door, 2 to the parking.\nManuals: boiler, shutters.\n"
        "A scratch on the kitchen door, to be fixed by the end of the month.",
    ),
    "ended": ("תוספת קומה, עתלית", "Another floor, Atlit"),
    "nobody": ("שלושה חודשים לא הגיע איש לאתר", "For three months nobody came to the site"),
    "half": ("מחצית האיטום בשלב השני בוצעה.", "Half of the second stage's waterproofing is done."),
    "at work": ("מחסן, בנימינה", "Storeroom, Binyamina"),
    "suspended": ("חידוש גג, קיסריה", "New roof, Caesarea"),
    "rain": ("מחכים לסוף הגשמים", "We wait for the rains to end"),
    "finished": ("ממ״ד, אור עקיבא", "Safe room, Or Akiva"),
    "bare": ("חדר רחצה, נשר", "Bathroom, Nesher"),
    "handed over": ("מחסן כלים, פרדסיה", "Tool shed, Pardesiya"),
    "settled": ("חיפוי חוץ, מגדל העמק", "Cladding, Migdal HaEmek"),
    "disputed": ("בית משפחת נחום, גבעת עדה", "Nahum family house, Giv'at Ada"),
    "too much": ("הועבר סכום גדול מדי", "Too much was transferred"),
    "never came": ("לא הגיע לחשבון", "It never came to the account"),
    "no cash": ("לא נתנו מזומן", "We gave no cash"),
    "unopened": ("בית משפחת לביא, אלונים", "Lavi family house, Alonim"),
    "lapsed": ("בית משפחת דרור, עפולה", "Dror family house, Afula"),
    "ripe ahead": ("בית משפחת אשל, יגור", "Eshel family house, Yagur"),
    "approved": ("בית משפחת מור, מעלות", "Mor family house, Ma'alot"),
    "paid ahead": ("בית משפחת פז, נהריה", "Paz family house, Nahariya"),
    "declined": ("בית משפחת רם, שלומי", "Ram family house, Shlomi"),
    "steel": ("מחיר הפלדה עולה בתחילת החודש", "The price of steel rises at the beginning of the month"),
    "wait for frame": ("נחכה לסוף היסודות", "We wait for the foundations to end"),
    "linked": ("בית משפחת לוין, זכרון יעקב", "Levin family house, Zikhron Ya'akov"),
    "ahead": ("בית משפחת שלו, פרדס חנה", "Shalev family house, Pardes Hanna"),
    "ways": ("מרפאת כרם, יקנעם", "Kerem clinic, Yokne'am"),
}


# Further contracts of a contractor: names, kind, and how far each has come.
FURTHER = (
    ("בית משפחת חדד, חיפה", "Haddad family house, Haifa", "house_build", "ahead"),
    ("שיפוץ משפחת גבאי, יבנה", "Gabay renovation, Yavne", "renovation", "submitted"),
    ("שיפוץ משפחת ניר, נצרת", "Nir renovation, Nazareth", "renovation", "paid"),
    ("בית משפחת עזרא, עכו", "Ezra family house, Acre", "house_build", "paid"),
    ("מטבח משפחת כץ, טבעון", "Katz kitchen, Tivon", "custom_furniture", "approved"),
    ("שיפוץ משפחת סלע, כרמיאל", "Sela renovation, Karmiel", "renovation", "begun"),
    ("בית משפחת אורן, רחובות", "Oren family house, Rehovot", "house_build", "begun"),
    ("נגרות משפחת תמיר, רעננה", "Tamir joinery, Ra'anana", "custom_furniture", "begun"),
)


def said(words: str) -> Any:
    return WORDS[words][settings.DEMO_LANGUAGE == "en"]
