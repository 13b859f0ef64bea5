"""Word lists that invented titles, journals, names and abstracts are built from."""

from __future__ import annotations

ADJECTIVES = tuple(
    """adaptive acute ambient annual aquatic arid automated balanced bayesian boreal causal chronic coastal cognitive
    collaborative communal comparative competitive congenital coupled cultural deep delayed digital distributed
    dynamic early ecological elastic emergent endemic equitable experimental fragmented functional generic genetic
    global gradual hierarchical historical hybrid inclusive inherited integrated invasive latent linear local
    longitudinal magnetic marine maternal metabolic mobile molecular multilingual neural nocturnal nonlinear
    occupational optical paediatric parasitic participatory peripheral plural polar postoperative predictive
    preventive qualitative quantitative randomised regional remote renewable residual resilient rural seasonal
    sequential shared social sparse spatial spectral stochastic structural sustainable synthetic systemic temporal
    thermal topological transient tropical urban vascular virtual visual voluntary""".split()
)

SUBJECTS = tuple(
    """alpine vegetation|antibiotic resistance|archival description|bark beetles|biodiversity loss|blood pressure
    carbon storage|child nutrition|citizen science|city planning|climate adaptation|cloud detection|coral bleaching
    crop rotation|data sharing|dental caries|dietary fibre|drinking water|drug dosage|earthworm communities
    energy poverty|enzyme kinetics|exam anxiety|family medicine|fish migration|flood risk|food security
    forest fires|gait analysis|gene expression|glacier retreat|graphene layers|grassland birds|groundwater flow
    gut microbiota|health literacy|heart failure|heat stress|hip fracture|home care|housing prices|image registration
    infant sleep|informal learning|iron deficiency|job satisfaction|kidney stones|labour migration|lake sediments
    language acquisition|lichen growth|local journalism|lung function|malaria transmission|maternal mental health
    mathematics teaching|metal fatigue|mitral valves|moss species|museum collections|native pollinators|nurse staffing
    ocean acidification|open access|parent involvement|patient safety|peat bogs|perovskite cells|pest control
    plant traits|plasma turbulence|primary schools|protein folding|public transport|quantum dots|reading fluency
    reference management|refugee health|river deltas|road traffic|rock art|sea ice|seed dispersal|sensor networks
    shift work|shrub encroachment|skin lesions|sleep apnoea|smoking cessation|snow cover|soil respiration
    solar radiation|speech recognition|spinal surgery|stem cells|street trees|stroke rehabilitation|student retention
    sugar taxes|surface waters|systematic reviews|tax compliance|teacher burnout|tidal marshes|tooth enamel
    traffic noise|tree mortality|tumour growth|urban heat|vaccine uptake|voter turnout|waste separation|wind farms
    wood density|word order|work ability|wound healing|youth employment|zinc oxide""".replace("\n", "|").split("|")
)
SUBJECTS = tuple(subject.strip() for subject in SUBJECTS)

METHODS = tuple(
    """a cohort study|a systematic review|a meta-analysis|a cross-sectional survey|a randomised controlled trial
    a scoping review|a case study|a simulation study|a field experiment|a time-series analysis|a Delphi study
    a qualitative interview study|a registry-based study|a pilot study|a replication|a comparison of three methods
    evidence from panel data|lessons from practice|a mixed-methods approach|a modelling framework|a spatial analysis
    a longitudinal analysis|a historical perspective|results of a national survey|implications for policy
    a machine learning approach|a protocol|a critical appraisal|a bibliometric analysis|ten years on""".replace(
        "\n", "|"
    ).split("|")
)
METHODS = tuple(method.strip() for method in METHODS)

PLACES = tuple(
    """the Alps|northern Norway|Catalonia|the Baltic Sea|southern Chile|New Zealand|the Netherlands|Japan|Kenya|Ghana
    western Canada|the Mekong delta|Scotland|Bavaria|Portugal|the Great Lakes|Vietnam|Queensland|Poland|Turkey|Iran
    the Sahel|Patagonia|Finland|Crete|Taiwan|rural India|Brazil|Mexico City|the Carpathians|Sicily|Sweden|Estonia
    South Africa|Nepal|Denmark|Korea|Argentina|Morocco|Switzerland""".replace("\n", "|").split("|")
)
PLACES = tuple(place.strip() for place in PLACES)

POPULATIONS = tuple(
    """adults|children|adolescents|older people|nurses|farmers|students|teachers|outpatients|commuters|volunteers
    first-year undergraduates|pregnant women|family carers|migrants|urban households|small mammals|mixed stands
    semi-natural grasslands|mountain catchments|long-term residents|novice readers""".replace("\n", "|").split("|")
)
POPULATIONS = tuple(population.strip() for population in POPULATIONS)

OUTCOMES = tuple(
    """growth rates|survival|quality of life|abundance|species richness|test scores|readmission|mortality|costs
    adherence|yield|uptake|performance|attitudes|symptom burden|recovery|variability|accuracy|turnover|participation
    exposure|resilience|detection limits|well-being|response times""".replace("\n", "|").split("|")
)
OUTCOMES = tuple(outcome.strip() for outcome in OUTCOMES)

# (full word, ISO 4 style abbreviation) for journal titles.
FIELDS = (
    ("Acoustics", "Acoust."), ("Agronomy", "Agron."), ("Anaesthesiology", "Anaesthesiol."),
    ("Anthropology", "Anthropol."),
    ("Archaeology", "Archaeol."), ("Astronomy", "Astron."), ("Bioenergy", "Bioenergy"), ("Biomechanics", "Biomech."),
    ("Biophysics", "Biophys."), ("Botany", "Bot."), ("Cardiology", "Cardiol."), ("Catalysis", "Catal."),
    ("Climatology", "Climatol."), ("Criminology", "Criminol."), ("Demography", "Demogr."),
    ("Dermatology", "Dermatol."),
    ("Ecology", "Ecol."), ("Econometrics", "Econom."), ("Education", "Educ."), ("Endocrinology", "Endocrinol."),
    ("Entomology", "Entomol."), ("Epidemiology", "Epidemiol."), ("Ethics", "Ethics"), ("Forestry", "For."),
    ("Genetics", "Genet."), ("Geography", "Geogr."), ("Geology", "Geol."), ("Geriatrics", "Geriatr."),
    ("Glaciology", "Glaciol."), ("Haematology", "Haematol."), ("Horticulture", "Hortic."), ("Hydrology", "Hydrol."),
    ("Immunology", "Immunol."), ("Informatics", "Inform."), ("Law", "Law"), ("Linguistics", "Linguist."),
    ("Mechanics", "Mech."), ("Metallurgy", "Metall."), ("Microbiology", "Microbiol."), ("Mycology", "Mycol."),
    ("Neurology", "Neurol."), ("Nursing", "Nurs."), ("Nutrition", "Nutr."), ("Oceanography", "Oceanogr."),
    ("Oncology", "Oncol."), ("Ophthalmology", "Ophthalmol."), ("Optics", "Opt."), ("Ornithology", "Ornithol."),
    ("Paediatrics", "Paediatr."), ("Parasitology", "Parasitol."), ("Pharmacology", "Pharmacol."),
    ("Philosophy", "Philos."),
    ("Physiology", "Physiol."), ("Planning", "Plan."), ("Psychiatry", "Psychiatry"), ("Psychology", "Psychol."),
    ("Radiology", "Radiol."), ("Rehabilitation", "Rehabil."), ("Sociology", "Sociol."), ("Statistics", "Stat."),
    ("Surgery", "Surg."), ("Taxonomy", "Taxon."), ("Toxicology", "Toxicol."), ("Transport", "Transp."),
    ("Virology", "Virol."), ("Zoology", "Zool."),
)  # fmt: skip

JOURNAL_SHAPES = (
    ("Journal of {}", "J. {}"), ("Annals of {}", "Ann. {}"), ("Archives of {}", "Arch. {}"),
    ("Advances in {}", "Adv. {}"),
    ("European Journal of {}", "Eur. J. {}"), ("International Journal of {}", "Int. J. {}"),
    ("{} Letters", "{} Lett."),
    ("Current Opinion in {}", "Curr. Opin. {}"), ("Frontiers in {}", "Front. {}"), ("{} Research", "{} Res."),
    ("Nordic Review of {}", "Nord. Rev. {}"), ("Applied {}", "Appl. {}"), ("Clinical {}", "Clin. {}"),
    ("{} Today", "{} Today"), ("Reviews in {}", "Rev. {}"), ("Quarterly of {}", "Q. {}"),
    ("{} and Society", "{} Soc."),
)  # fmt: skip

PUBLISHERS = (
    ("Northfield Press", "Oxford"), ("Meridian Science B.V.", "Amsterdam"), ("Harbour and Lane", "London"),
    ("Akademischer Verlag Ost", "München"), ("Pacific Scholarly Society", "Honolulu"),
    ("Éditions du Fleuve", "Paris"),
    ("Open Commons Publishing", "Basel"), ("Lindqvist Academic", "Stockholm"),
    ("Cordillera University Press", "Santiago"),
)  # fmt: skip

DEPARTMENTS = (
    "Department of Public Health", "Institute of Geography", "School of Medicine", "Faculty of Engineering",
    "Department of Ecology", "Centre for Social Research", "Institute of Applied Physics", "College of Nursing",
)  # fmt: skip
TOWNS = (
    ("Bergen", "Norway"), ("Graz", "Austria"), ("Kyoto", "Japan"), ("Leeds", "United Kingdom"), ("Uppsala", "Sweden"),
    ("Montpellier", "France"), ("Dunedin", "New Zealand"), ("Campinas", "Brazil"), ("Freiburg", "Germany"),
    ("Hamilton", "ON, Canada"), ("Nairobi", "Kenya"), ("Leuven", "Belgium"), ("Tampere", "Finland"),
    ("Boulder", "CO, USA"),
)  # fmt: skip

NAME_STARTS = tuple(
    "Al Ber Car Dor Eb Fal Gar Hol Is Jan Kas Lin Mor Nor Ol Per Ras San Tor Ul Var Wes Yam Zel Ch Sch".split()
)
NAME_MIDDLES = ("", "an", "den", "el", "em", "er", "i", "ing", "o", "on", "os", "u", "kov", "ls", "mb")
NAME_ENDS = tuple("a berg dal ek er ez feld ham i ino ko lund man mark o rud sen ski son stad thwaite ton wald".split())
ACCENTED_NAME_ENDS = ("ström", "ández", "är", "ée", "ović", "ão", "öm")
GIVEN_NAMES = tuple(
    """Ada Aiko Amir Ana Anders Beatriz Bo Carla Chen Clara Daan Elif Emil Eva Farid Femke Grace Hana Henrik Ines Ivan
    Jonas Jorge Julia Kofi Lars Lea Lucia Mads Maria Mei Mina Nadia Noah Olga Omar Paula Pedro Rosa Sara Sofie Soren
    Tariq Tom Ulla Vera Wei Yara Yusuf Zara""".split()
)
PARTICLES = ("van", "von", "de", "van der", "da", "el")

ABSTRACT_OPENINGS = (
    "Little is known about how {subject} relates to {outcome} in {population}.",
    "{Subject} has received growing attention, yet evidence from {place} is scarce.",
    "This paper examines {adjective} {subject} and its consequences for {outcome}.",
    "The role of {adjective} {subject} in shaping {outcome} remains contested.",
)
ABSTRACT_SENTENCES = (
    "We followed {number} {population} in {place} over {small} years and recorded {outcome} every {small} months.",
    "Data on {subject} were collected between {year} and {year2} and analysed with {adjective} models.",
    "After adjustment for age and sex, {subject} was associated with {outcome} (odds ratio {ratio}, p {p}).",
    "Differences between {population} and {population2} were small and did not change with {outcome}.",
    "Compared with {adjective} approaches, the proposed method reduced the error of {outcome} by {percent}%.",
    "Participants reported barriers at the level of the individual, the organisation and the wider community.",
    "In contrast to earlier work on {subject2}, no {adjective} trend was found across the {small} study sites.",
    "The effect was strongest where {subject2} and {subject} occurred together, and weakest in {place}.",
    "Sensitivity analyses with {number} resamples gave the same picture, with an interval from {ratio} to {ratio2}.",
    "We discuss how {adjective} monitoring of {subject} could support decisions about {outcome}.",
    "A further {number} observations were excluded because {outcome} could not be determined.",
    "Interviews with {small} experts suggest that {adjective} change is likely to outpace current planning.",
    "Samples were taken at {small} depths, stored at low temperature and analysed within {small} days.",
)
ABSTRACT_CLOSINGS = (
    "These findings suggest that {subject} deserves more attention in {adjective} practice.",
    "Future studies should test whether {outcome} responds to {adjective} interventions.",
    "The approach is readily transferred to other regions and to {subject2}.",
)
# Sentences with the characters that make a text rule look twice: &, <, >, dashes, degrees, Greek, no-break spaces.
ABSTRACT_SPECIALS = (
    "Concentrations ranged from 0.4 ± 0.1 to 12.6 ± 2.3 µg/L at 20 °C (α = 0.05).",
    "The R&D share of small firms (<50 staff) was lower than expected (p<0.05).",
    "Scores rose from 12–18 to 21–24 points — a change that “most” raters called relevant.",
    "The ratio exceeded 1.5\u00a0mg/kg in {place}; β-diversity did not differ.",
    "Samples with <i>in vitro</i> growth &amp; CO<sub>2</sub> uptake were kept apart.",
)
