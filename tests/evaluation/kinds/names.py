"""Names that people in town have, the frequent ones first."""

WOMEN = (  # noqa: SIM905
    "Mary Jennifer Linda Patricia Elizabeth Susan Jessica Sarah Karen Lisa Nancy Sandra Ashley "
    "Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura "
    "Sharon Cynthia Kathleen Amy Angela Shirley Emma Anna Brenda Pamela Nicole Samantha "
    "Katherine Christine Helen Debra Rachel Carolyn Janet Maria Catherine Heather Diane Olivia "
    "Julie Joyce Victoria Ruth Virginia Lauren Kelly Christina Joan Evelyn Judith Andrea Hannah "
    "Megan Cheryl Jacqueline Martha Madison Teresa Gloria Sara Janice Ann Kathryn Abigail Sophia "
    "Frances Jean Alice Judy Isabella Julia Grace Amber Denise Danielle Marilyn Beverly "
    "Charlotte Natalie Theresa Diana Brittany Doris Kayla Alexis Lori Marie Ingrid Yolanda Priya "
    "Mei Fatima Leila Noor Zoe Ines Greta Svetlana"
).split()

MEN = (  # noqa: SIM905
    "James Michael Robert John David William Richard Joseph Thomas Christopher Charles Daniel "
    "Matthew Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian Timothy Ronald "
    "George Jason Edward Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin "
    "Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond Jack Dennis Jerry "
    "Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah Ethan Jeremy Christian "
    "Walter Keith Austin Roger Terry Sean Gerald Carl Dylan Harold Jordan Jesse Bryan Lawrence "
    "Arthur Gabriel Bruce Logan Billy Joe Alan Juan Elijah Willie Albert Wayne Randy Mason "
    "Vincent Liam Roy Bobby Caleb Bradley Russell Lucas Philip Eugene Ahmed Wei Raj Mateo Omar "
    "Hiro Pavel Lars Andre Kofi Tariq"
).split()

SURNAMES = (  # noqa: SIM905
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez "
    "Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris "
    "Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen "
    "Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez "
    "Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy "
    "Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox "
    "Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price "
    "Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell "
    "Sullivan Bell Coleman Butler Henderson"
).split()

# Two halves of the rarer surnames.
BEGINNINGS = (  # noqa: SIM905
    "Ash Bar Beck Black Bran Bur Cald Cars Chad Clay Cran Dal Den Dun East Elling Fair Far Fen "
    "Gal Glen Hal Ham Hart Hath Hol Kel Kings Lang Led Lind Lock Mar Mel Mid Nor Oak Pem Pres "
    "Rad Red Rock Row Sand Shel Stan Stock Sud Tem Thorn Wake Wal Wes Whit Win Wood"
).split()
ENDINGS = (  # noqa: SIM905
    "berg bourne bury by combe cott cross dale den field ford gate grove ham hurst ington ley "
    "low man mere more ridge ris shaw side son stead stein ster stone ton ville wall ward well "
    "wick wood worth"
).split()

STREETS = (  # noqa: SIM905
    "Main Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Church Willow "
    "Mill Sunset Railroad Jackson Highland Forest Jefferson Center Franklin River Meadow Dogwood "
    "Madison Chestnut Park Spruce Laurel Orchard Prospect Harrison Locust Cherry Liberty Garden "
    "Valley"
).split()
STREET_TYPES = ("Street", "Avenue", "Road", "Lane", "Drive")

CITIES = (
    ("Brookfield", "NY", "112", ("718", "347", "929")),
    ("Fairmont", "NJ", "070", ("201", "973", "862")),
    ("Lakewood", "PA", "190", ("215", "267", "610")),
    ("Millbrook", "CT", "068", ("203", "475", "860")),
)
