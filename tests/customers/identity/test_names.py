"""When two names are one, and how many people some names are."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.names import (
    AGREE,
    DIFFER,
    MANY_NAMES,
    NEITHER,
    agreement,
    families_named,
    family_names,
    generation_of,
    given_names,
    is_name,
    name_of,
    near,
    nicknamed,
    one_family,
    parted,
    people_named,
    skeleton,
    slip,
    whole,
)

NAMES = st.text("abeno", min_size=1, max_size=7)
WRITTEN = st.lists(NAMES, min_size=1, max_size=2).map(" ".join)


def pairs(text: str) -> list[tuple[str, str]]:
    """``"bill/william, bob/rob"`` as pairs."""
    return [
        (one, other) for one, _, other in (two.strip().partition("/") for two in text.split(","))
    ]


# Names as compared


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("  Ann\t MARIE ", "ann marie"),
        ("Ann-Marie", "ann marie"),
        ("ＡＮＮ", "ann"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁona", "fiona"),
        ("Zoë", "zoe"),
        ("Łukasz", "lukasz"),
        ("Юрий", "yuriy"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("O Brien", "o brien"),
        ("J. R.", "j r"),
        ("  ", ""),
        ("--", ""),
    ],
)
def test_a_name_is_compared_without_accents_case_width_and_punctuation(
    written: str, compared: str
) -> None:
    assert name_of(written) == (compared, None)


@pytest.mark.parametrize(
    "written", ["Dr. Smith", "Mr Smith", "Prof. Dr. Smith", "Smith, MD", "Mrs. Smith PhD", "SMITH"]
)
def test_titles_and_degrees_are_no_part_of_a_name(written: str) -> None:
    assert name_of(written) == ("smith", None)


@pytest.mark.parametrize(
    "written",
    [
        "Dr. med. Smith", "Dr.med. Smith", "Prof. Dr. rer. nat. Smith", "Dipl.-Ing. Smith",
        "Dr. med. dent. Smith",
    ],
)  # fmt: skip
def test_what_belongs_to_a_title_goes_with_it(written: str) -> None:
    assert name_of(written) == ("smith", None)
    assert whole(written.replace("Smith", "Ann Smith")) == ("Ann", "Smith")


def test_what_belongs_to_a_title_is_a_name_without_one() -> None:
    assert name_of("Ing Wen").text == "ing wen"
    assert name_of("Dr. Med").text == "med"


@pytest.mark.parametrize(
    "written", ["Abd al-Rahman", "Abd el Rahman", "Abd-ar-Rahman", "Abdul Rahman"]
)
def test_the_servant_of_the_merciful_is_one_however_he_is_written(written: str) -> None:
    assert name_of(written).text == "abdul rahman"
    assert given_names("abdul rahman", name_of("Abdelrahman").text) == AGREE
    assert name_of("Abdallah").text == "abdallah"


@pytest.mark.parametrize("written", ["Dr", "Miss", "Sir", "Esq"])
def test_a_title_that_stands_alone_is_a_name(written: str) -> None:
    assert name_of(written).text == written.lower()


@pytest.mark.parametrize(
    ("written", "compared", "generation"),
    [
        ("Smith Jr.", "smith", "2"),
        ("Smith, JR", "smith", "2"),
        ("Smith Junior", "smith", "2"),
        ("Smith II", "smith", "2"),
        ("Smith Jr. MD", "smith", "2"),
        ("Smith III", "smith", "3"),
        ("Smith 3rd", "smith", "3"),
        ("Henry IV", "henry", "4"),
        ("Smith Sr.", "smith", "1"),
        ("Mr. John Smith Senior", "john smith", "1"),
        ("Maier sen.", "maier", "1"),
        ("Maier, jun.", "maier", "2"),
        ("Teixeira Filho", "teixeira", "2"),
        ("Branco Júnior", "branco", "2"),
        ("Vega hijo", "vega", "2"),
        ("Vogt d. J.", "vogt", "2"),
        ("Vogt, d.Ä.", "vogt", "1"),
        ("MAIER SEN.", "maier", "1"),
        ("Vogt d. j.", "vogt", "2"),
        ("vogt, d. ä.", "vogt", "1"),
        ("VOGT D.Ä.", "vogt", "1"),
        # The initials of a till, and not the younger.
        ("VOGT D.J.", "vogt dj", None),
        ("Vogt, D. J.", "vogt d j", None),
        ("Daniel D. A.", "daniel d a", None),
    ],
)
def test_a_suffix_tells_the_generation(written: str, compared: str, generation: str | None) -> None:
    assert name_of(written) == (compared, generation)


@pytest.mark.parametrize(
    "name", ["Sen", "Sen.", "Amartya Sen", "Tanaka Jun", "Jun.", "Costa Neto", "Joan Pere"]
)
def test_a_name_in_its_own_right_is_no_suffix(name: str) -> None:
    assert name_of(name).generation is None


@pytest.mark.parametrize(
    ("suffix", "generation"),
    [
        ("Jr.", "2"),
        ("junior", "2"),
        ("Júnior", "2"),
        ("père", "1"),
        ("Neto", "3"),
        ("hijo", "2"),
        ("d. Ä.", "1"),
        ("d.J.", "2"),
        ("D.J.", "2"),
        ("D.Ä.", "1"),
        ("II", "2"),
        ("Sr", "1"),
        ("3rd", "3"),
        ("MD", None),
        ("", None),
    ],
)
def test_a_suffix_of_its_own_tells_the_generation(suffix: str, generation: str | None) -> None:
    assert generation_of(suffix) == generation


# Given names

ONE_GIVEN_NAME = pairs(
    "ann/ann, bill/william, bob/rob, bob/robert, rob/robert, liz/elizabeth, beth/elizabeth, "
    "jim/james, peggy/margaret, dick/richard, ted/edward, ted/theodore, tina/christina, "
    "alex/alexander, alex/alexandra, tony/antonio, kate/katie, will/bill, "  # short forms
    "marc/mark, stephen/steven, steve/stephen, carl/karl, eric/erik, jon/john, zoe/zoe, "  # sounds
    "mueller/muller, joerg/jorg, "  # dots
    "katherine/kathrine, katherine/katheryne, alexander/alexandre, katherine/kathleen, "  # slips
    "anna/anne, ann/amn, william/wiliam, "  # a slip in a name that is known is a slip
    "max/maximilian, jon/jonathan, "  # cut off
    "mohammed/muhammad, mikhail/michael, mike/mikhail, youssef/yusuf, shawn/sean, "  # spellings
    "jan/johannes, paco/francisco, kostas/constantinos, chas/charles, "  # short forms elsewhere
    "uschi/ursula, gosia/malgorzata, charo/rosario, toninho/antonio, beppe/giuseppe, "
    "mitsos/dimitrios, memo/mehmet, laci/laszlo, honza/jan, lasse/lars, chucho/jesus, "
    "wim/willem, sasha/alexander, natasha/natalia, philou/philippe, laxmi/lakshmi, "
    "patrici/patricia, agnieszk/agnieszka, "  # the last letter dropped
    "anna maria/anna, anna maria/annamaria, jean pierre/jean, anna maria/ana maria, "
    "ma jose/maria jose, layla/leila, yousif/yusuf, "
    "george/georg, christopher/christophe, madeleine/madeline, matilda/tilda, patricia/patrizia, "
    "beatrice/beatrix, andreas/andras, michael/michal, yelena/elena, sebastian/sebastiano, "
    "stanislav/stanislaw, margaret/margherita, frederick/fredrik, "  # of two languages
    "carrie/caroline, callie/caroline, jo/johannes, "
    "amir/ameer, huda/hoda, jan/yan, eva/ewa, maik/mike, adam/adem, "
    "wolf/wolfgang, arno/arnold, elia/eliasz, juanca/juan, "  # cut off
    "hajo/hans joachim, hajo/hansjoachim, hape/hans peter, juanma/juan manuel"  # of two names
)
TWO_GIVEN_NAMES = pairs(
    "ann/ben, tina/ann, ann/tina, beth/liz, edward/theodore, albert/robert, "
    "daniel/daniela, mario/maria, paul/paula, simon/simone, theo/thea, leo/lea, jane/joan, "
    "francis/frances, christine/catherine, stephan/stefano, tim/tom, mia/uma, "
    "emma/emily, joan/john, laura/lawrence, christian/christina, dennis/denise, jason/mason, "
    "petra/peter, evgeny/evgenia, rene/renee, karin/katrin, josef/josefine, daniel/danielle, "
    "jean/jeanne, minjun/minjeong, mia/lia, theodor/theodora, antonin/antonina, amit/amita, "
    "anna maria/anna lena, hans peter/hans georg, b/ann, jb/jean marie, jb/john, hajo/hans peter, "
    "mhmd/ahmed, kt/kate, hassan/hussein, "
    "mary/mark ryan, lisa/linda sarah, al/anna lena, ed/emma diana, anna/andrea nadine, "
    "jan/jo, lily/elizabeth, gabi/gabor, carrie/callie, mo/maureen, joan/johann, joan/hansi, "
    "michal/michaela, eugene/eugenia, leila/lella, cara/lara, dino/lino, paul/raul, "
    "jan/jana, dan/dana, tom/toma, luc/luca, eli/elia, "  # his and hers
    "fredrik/erik, katharina/lena, katharina/kai, iain/john, olaf/ole, anja/anne, thos/katherine"
)
NOBODY_CAN_TELL = pairs(
    "a/ann, mia/ma, ma/uma, maria/anna maria, pierre/jean pierre, paul/pauline, julia/juliane, "
    "moor ann/ann moor, n meena/meena n, le hoang nam/hoang nam, choi young ho/young ho, "
    "jb/jean baptiste, jp/jean pierre, "  # initials
    "ana/dana, mara/maria, ian/ioan, mia/mila, "  # a letter left out, or another short name
    "mhmd/mohammed, mhmd/mahmoud, hmd/ahmed, ftmh/fatima"  # Arabic, without its vowels
)


@pytest.mark.parametrize(("one", "other"), ONE_GIVEN_NAME)
def test_given_names_agree(one: str, other: str) -> None:
    assert given_names(one, other) == given_names(other, one) == AGREE


@pytest.mark.parametrize(("one", "other"), TWO_GIVEN_NAMES)
def test_given_names_differ(one: str, other: str) -> None:
    assert given_names(one, other) == given_names(other, one) == DIFFER


@pytest.mark.parametrize(("one", "other"), NOBODY_CAN_TELL)
def test_given_names_of_which_nobody_can_tell(one: str, other: str) -> None:
    assert given_names(one, other) == given_names(other, one) == NEITHER


def test_spellings_of_a_name_share_no_short_forms_but_their_own() -> None:
    assert given_names("frederick", "fredrik") == given_names("frederick", "eric") == AGREE
    assert given_names("fredrik", "erik") == DIFFER


def test_short_forms_of_another_language_that_do_not_sound_alike_are_two_people() -> None:
    assert given_names("jan", "hans") == DIFFER
    assert people_named(frozenset({"mohammed", "muhammad", "mohamed"})) == 1
    assert people_named(frozenset({"emma", "emily"})) == 2


# Whole names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MOOR/ANN MRS", ("ANN", "MOOR")),
        ("Moor, Ann", ("Ann", "Moor")),
        ("Moor,Ann Marie", ("Ann Marie", "Moor")),
        ("van der Moor, Ann", ("Ann", "van der Moor")),
        ("Moor, Jr.", None),
        ("Moor, PhD", None),
        ("Moor/Mrs", None),
        ("Moor, Inc.", None),
        ("Moor,", None),
        (",Ann", None),
        ("Moor", None),
        ("Ann Moor", None),
    ],
)
def test_a_mark_parts_the_family_name_from_the_given_one(
    text: str, found: tuple[str, str] | None
) -> None:
    assert parted(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ann Moor", ("Ann", "Moor")),
        ("Ann Marie Moor", ("Ann Marie", "Moor")),
        ("Mrs. Ann Moor", ("Ann", "Moor")),
        ("Ann van der Moor", ("Ann", "van der Moor")),
        ("John Moor Jr.", ("John", "Moor Jr.")),
        ("John Moor, Jr.", ("John", "Moor, Jr.")),
        ("Moor, Ann", ("Ann", "Moor")),
        ("Ann", None),
        ("Mrs. Moor", None),
        ("Moor Brothers Ltd.", None),
        ("Moor, Inc.", None),
        ("", None),
    ],
)
def test_the_last_word_of_a_whole_name_is_the_family_s(
    text: str, found: tuple[str, str] | None
) -> None:
    assert whole(text) == found


def test_short_forms_of_one_name_are_one_where_they_sound_alike() -> None:
    assert nicknamed("bob", "rob")
    assert nicknamed("william", "bill")
    assert not nicknamed("beth", "liz")
    assert not nicknamed("edward", "theodore")
    assert not nicknamed("ann", "tina")


def test_a_name_is_known_however_it_is_spelled() -> None:
    assert is_name("stephen")
    assert is_name("stefen")
    assert not is_name("xqzw")


def test_a_short_name_is_known_as_it_is_written() -> None:
    assert is_name("ola")
    assert not is_name("olaa")
    assert people_named(frozenset({"olga", "olaa"})) == 1


def test_an_initial_beside_another_name_is_no_more_than_that() -> None:
    assert given_names("m dolores", "m") == NEITHER


# Family names


@pytest.mark.parametrize(
    ("one", "other"),
    pairs(
        "smith/smith, smith/smiht, smith/smyth, schmidt/schmitt, larsson/larson, meyer/meier, "
        "mueller/muller, goethe/gothe, obrien/o brien, macdonald/mcdonald, mac donald/mcdonald, "
        "smith jones/jones, smith jones/smith, garcia lopez/garcia, de la cruz/cruz, "
        "garcia lopez/garcia ruiz, silva rodrigues/costa rodrigues, garcia lopez/lopez garcia"
    ),
)
def test_family_names_agree(one: str, other: str) -> None:
    assert family_names(one, other) == family_names(other, one) == AGREE


@pytest.mark.parametrize(
    ("one", "other"),
    pairs("smith/jones, lee/li, mayer/meier, al said/al fayed, van der berg/van der meer, j/smith"),
)
def test_family_names_differ(one: str, other: str) -> None:
    assert family_names(one, other) == family_names(other, one) == DIFFER


@pytest.mark.parametrize(
    ("one", "other"),
    pairs("s/smith, lee/leo, wu/wo, moore/moor, solano fortuny/otero solano, khlf/khalaf"),
)
def test_family_names_of_which_nobody_can_tell(one: str, other: str) -> None:
    assert family_names(one, other) == family_names(other, one) == NEITHER


@pytest.mark.parametrize(
    ("one", "other"),
    pairs(
        "smith/smith, smith/smyth, mueller/muller, mac donald/macdonald, van der berg/berg, "
        "garcia lopez/garcia lopes, smith jones/smithjones"
    ),
)
def test_family_names_are_one_in_all_of_their_words(one: str, other: str) -> None:
    assert one_family(one, other)
    assert one_family(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    pairs("garcia lopez/garcia perez, garcia/garcia lopez, martin/martinez, lee/leo, moor/moon"),
)
def test_family_names_of_which_one_says_more_are_not(one: str, other: str) -> None:
    assert not one_family(one, other)
    assert not one_family(other, one)


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("smith", "smt"),
        ("smiht", "smt"),
        ("smyth", "smt"),
        ("larsson", "lrsn"),
        ("mueller", "mlr"),
        ("muller", "mlr"),
        ("van der berg", "brg"),
        ("smith johansson", "jnsn"),
        ("featherstonehaugh", "ftrst"),
        ("de la", "d"),
        ("", ""),
    ],
)
def test_what_stays_of_a_name_under_most_slips(name: str, stays: str) -> None:
    assert skeleton(name) == stays


def test_the_best_of_several_values_decides() -> None:
    assert agreement("given", {"ann", "ben"}, {"william", "bill", "ben"}) == AGREE
    assert agreement("given", {"ann"}, {"ben", "a"}) == NEITHER
    assert agreement("given", {"ann"}, {"ben", "cara"}) == DIFFER
    assert agreement("family", {"bill"}, {"william"}) == DIFFER


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("marvin m", "megan", DIFFER),
        ("marvin m", "megan m", DIFFER),
        ("daniel", "danielle dani", DIFFER),
        ("nicholas", "nicola nicky", DIFFER),
        ("robert bob", "bob", AGREE),
        ("robert bob", "bobby", AGREE),
        ("m", "megan marvin", NEITHER),
        ("marvin m", "m", AGREE),
        # What is no name that anybody knows may be a slip in one.
        ("melvn m", "megan", NEITHER),
    ],
)
def test_short_forms_hide_no_names_that_are_two(ours: str, theirs: str, verdict: int) -> None:
    one, other = frozenset(ours.split()), frozenset(theirs.split())
    assert agreement("given", one, other) == agreement("given", other, one) == verdict


# Slips


@pytest.mark.parametrize(("one", "other"), pairs("ann/ann, ann/an, ann/anne, ann/amn, ann/nan, /a"))
def test_one_letter_or_two_neighbours_swapped_are_a_slip(one: str, other: str) -> None:
    assert slip(one, other)
    assert slip(other, one)


@pytest.mark.parametrize(("one", "other"), pairs("ann/a, anna/nnaa, ann/ben"))
def test_more_than_that_is_none(one: str, other: str) -> None:
    assert not slip(one, other)
    assert not slip(other, one)


def test_a_slip_in_a_long_name_is_the_same_name_and_in_a_short_one_another() -> None:
    assert near("smith", "smiht")
    assert near("johansson", "johanson")
    assert not near("ann", "amn")
    assert not near("anna", "anne")
    assert near("ann", "ann")


def test_long_names_are_one_from_a_likeness_of_eighty_eight_in_a_hundred() -> None:
    assert near("katherine", "kathleen")  # .902
    assert not near("stephan", "stefano")  # .867
    assert not near("christine", "catherine")


# People


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ("", 0),
        ("ann", 1),
        ("ann ben", 2),
        ("anna ann anne", 1),
        ("bill william wiliam", 1),
        ("beth liz", 2),
        ("beth liz elizabeth", 1),
        ("mia ma", 1),
        ("daniel daniela", 2),
        ("mario maria", 2),
        ("katherine kathrine ben bem zoe", 3),
        ("a ann", 1),
        ("a ann amy", 2),
    ],
)
def test_slips_and_short_forms_of_a_name_are_one_person(names: str, people: int) -> None:
    assert people_named(frozenset(names.split())) == people


def test_a_slip_between_two_names_does_not_make_them_one() -> None:
    assert people_named(frozenset({"tim", "tm"})) == people_named(frozenset({"tom", "tm"})) == 1
    assert people_named(frozenset({"tim", "tm", "tom"})) == 2


def test_a_short_name_between_two_others_does_not_make_them_one() -> None:
    assert people_named(frozenset({"mia", "ma", "uma"})) == 2


def test_twins_are_two_people() -> None:
    assert people_named(frozenset({"anna maria", "anna lena"})) == 2
    assert people_named(frozenset({"anna maria", "anna"})) == 1


def test_a_name_that_was_written_down_often_is_one_whatever_slips_make_of_it() -> None:
    few = frozenset({"mary", "mark", "gary"})
    assert people_named(few) == 3
    # Of many names "mark" and "gary" are two more slips in "mary".
    slips = frozenset({"mry", "mari", "maryy", "amry", "mory", "msry"})
    assert len(few | slips) > MANY_NAMES
    assert people_named(few | slips) == 1
    assert people_named(few | slips | {"ben"}) == 2


@pytest.mark.parametrize(
    ("names", "families"),
    [
        ("", 0),
        ("smith", 1),
        ("smith smiht", 1),
        ("smith smyth", 1),
        ("smith jones", 2),
        ("s smith jones", 2),
    ],
)
def test_slips_of_a_family_name_are_one_family(names: str, families: int) -> None:
    assert families_named(frozenset(names.split())) == families


def test_a_double_name_and_its_parts_are_one_family() -> None:
    assert families_named(frozenset({"smith jones", "smith", "jones"})) == 1


# Whatever the names


@given(WRITTEN, WRITTEN)
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert slip(one, other) == slip(other, one)
    assert near(one, other) == near(other, one)
    assert given_names(one, other) == given_names(other, one)
    assert family_names(one, other) == family_names(other, one)


@given(WRITTEN)
def test_a_name_is_itself(name: str) -> None:
    assert slip(name, name)
    assert near(name, name)
    assert given_names(name, name) == family_names(name, name) == AGREE


@given(st.text(max_size=20))
def test_comparing_twice_is_comparing_once(text: str) -> None:
    name = name_of(text)
    assert name_of(name.text) == (name.text, None)
    assert set(name.text) <= {*string.ascii_lowercase, *string.digits, " "}
    assert name.text == " ".join(name.text.split())


@given(st.frozensets(NAMES, min_size=1, max_size=12))
def test_a_set_of_names_is_at_least_one_person_and_at_most_one_a_name(
    names: frozenset[str],
) -> None:
    assert 1 <= people_named(names) <= len(names)
    assert 1 <= families_named(names) <= len(names)
