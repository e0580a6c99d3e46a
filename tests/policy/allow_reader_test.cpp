#include "policy/mistakes.hpp"
#include "policy/sample_scan.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::expect_mistakes;
using sample::Mistake;
using sample::mistakes;

// An exception with everything but what a case gives.
std::string but(std::string_view missing, std::string const& more) {
    std::string out = "[[allow]]\n";
    for (std::string_view const line : {"id = \"CVE-2024-0001\"\n",
                                        "reason = \"not reachable\"\n",
                                        "owner = \"team\"\n",
                                        "expires = 2026-12-31\n"})
        if (!line.starts_with(missing))
            out += line;
    return out + more;
}

std::string but_glass(std::string_view missing, std::string const& more) {
    std::string out = "[[allow]]\nbreak_glass = true\n";
    for (std::string_view const line : {"reason = \"outage\"\n",
                                        "owner = \"team\"\n",
                                        "ticket = \"INC-1\"\n",
                                        "issued = 2026-11-24T10:00:00Z\n",
                                        "expires = 2026-11-27T10:00:00Z\n"})
        if (!line.starts_with(missing))
            out += line;
    return out + more;
}

Waiver read(std::string const& text) {
    auto const layer = sample::layer_of(text);
    EXPECT_TRUE(layer.has_value()) << text << "\n" << sample::mistakes_of(layer);
    return layer.has_value() && !layer->waivers.empty() ? layer->waivers.front() : Waiver{};
}

TEST(AllowReader, ReadsAllThatAnExceptionSays) {
    auto const waiver = read(
        "[[allow]]\nid = [\"CVE-2024-0001\", \"GHSA-x\"]\npackage = \"openssl\"\npurl = "
        "\"pkg:**\"\n"
        "image = \"registry.example/**\"\nlayer = \"base\"\nenvironment = [\"prod\", \"test\"]\n"
        "reason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\nuntil = \"fixable\"\n");
    EXPECT_EQ(waiver.ids, (std::vector<std::string>{"CVE-2024-0001", "GHSA-x"}));
    EXPECT_EQ(waiver.scope.size(), 5U);
    EXPECT_EQ(waiver.reason, "r");
    EXPECT_EQ(waiver.owner, "o");
    EXPECT_EQ(waiver.expires, "2026-12-31");
    EXPECT_EQ(to_rfc3339(waiver.ends), "2027-01-01T00:00:00Z");
    EXPECT_TRUE(waiver.ends_with_fix);
    EXPECT_FALSE(waiver.break_glass.has_value());
    EXPECT_FALSE(waiver.is_vex);
    EXPECT_EQ(waiver.origin,
              (Origin{Level::global, "global.toml", 2, 1, "allow CVE-2024-0001 and 1 more"}));
}

TEST(AllowReader, EachOfItsFieldsIsRequired) {
    Mistake const cases[] = {
        {but("id", ""), "global.toml:2:1: [[allow]] without id"},
        {but("reason", ""), "global.toml:2:1: [[allow]] without reason"},
        {but("owner", ""), "global.toml:2:1: [[allow]] without owner"},
        {but("expires", ""), "global.toml:2:1: [[allow]] without expires"},
        {but("reason", "reason = \"\"\n"), "global.toml:6:10: reason is empty"},
        {but("reason", "reason = \"  \"\n"), "reason is empty"},
        {but("owner", "owner = 7\n"), "owner must be a string"},
        {but("owner", "owner = \"" + std::string(2001, 'o') + "\"\n"),
         "owner is longer than 2000 bytes"},
    };
    expect_mistakes(cases);
}

TEST(AllowReader, ABadDateIsNeverForever) {
    for (auto const* date : {"\"2026-12-31\"",
                             "\"tomorrow\"",
                             "\"\"",
                             "2026",
                             "true",
                             "[2026-12-31]",
                             "2026-12-31T00:00:00Z",
                             "2026-12-31T00:00:00",
                             "12:00:00",
                             "1999-12-31",
                             "0000-01-01"}) {
        auto const said = mistakes(but("expires", "expires = " + std::string(date) + "\n"));
        EXPECT_NE(said.find("global.toml:6:1: expires must be a date"), std::string::npos)
            << date << said;
    }
    for (auto const* date : {"9999-99-99",
                             "2026-13-01",
                             "2026-02-30",
                             "2026-2-3",
                             "2026-12-31x",
                             "-2026-12-31",
                             "",
                             "12026-12-31",
                             "2026-12-32",
                             "2027-02-29"}) {
        auto const said = mistakes(but("expires", "expires = " + std::string(date) + "\n"));
        EXPECT_NE(said, "none") << date;
    }
    EXPECT_EQ(read(but("expires", "expires = 2028-02-29\n")).expires, "2028-02-29");
}

TEST(AllowReader, AnIdIsNoPattern) {
    for (auto const* id :
         {"*", "CVE-*", "CVE-2024-0001 ", " CVE-2024-0001", "", "CVE 2024", "-x", "a,b"}) {
        auto const said = mistakes(but("id", "id = \"" + std::string(id) + "\"\n"));
        EXPECT_NE(said.find("is no vulnerability id"), std::string::npos) << id << said;
    }
    Mistake const cases[] = {
        {but("id", "id = []\n"), "id has between 1 and 1000 values"},
        {but("id", "id = [\"CVE-1\", 2]\n"), "id must be a string or an array of strings"},
        {but("id", "id = \"CVE-2024-0001\xE2\x80\x8D\"\n"), "invisible character U+200D"},
        {but("id", "id = \"CVE-2024-0001\\u200D\"\n"), "is no vulnerability id"},
        {but("id", "id = \"\xD0\xA1VE-2024-0001\"\n"), "is no vulnerability id"}, // U+0421
    };
    expect_mistakes(cases);
}

TEST(AllowReader, ScopesAreCheckedAndMayNotBeEverything) {
    Mistake const cases[] = {
        {but("-", "package = \"*\"\n"), "global.toml:7:11: package \"*\" matches everything"},
        {but("-", "image = [\"registry.example/a\", \"**\"]\n"), "image \"**\" matches everything"},
        {but("-", "package = \"\"\n"), "package has a value that is empty"},
        {but("-", "package = []\n"), "package is empty: it would match nothing"},
        {but("-", "package = true\n"), "package must be a string or an array of strings"},
        {but("-", "layer = \"Base\"\n"), "layer is \"base\" or \"application\""},
        {but("-", "purl = \"a\\\\\"\n"), "global.toml:7:8: purl: "},
        {but("-", "severity = \"high\"\n"), "global.toml:7:1: unknown key severity in [[allow]]"},
        {but("-", "kev = true\n"), "unknown key kev in [[allow]]"},
        {but("-", "expire = 2026-12-31\n"), "did you mean expires?"},
    };
    expect_mistakes(cases);
}

TEST(AllowReader, UntilKnowsOneWord) {
    EXPECT_TRUE(read(but("-", "until = \"fixable\"\n")).ends_with_fix);
    Mistake const cases[] = {
        {but("-", "until = \"fixed\"\n"), "unknown word \"fixed\" for until"},
        {but("-", "until = 2026-12-31\n"), "until must be a string"},
        {but("-", "until = \"\"\n"), "unknown word \"\" for until"},
    };
    expect_mistakes(cases);
}

TEST(AllowReader, BreakGlassIsShortAndAccountable) {
    auto const waiver = read(but_glass("-", ""));
    ASSERT_TRUE(waiver.break_glass.has_value());
    EXPECT_TRUE(waiver.ids.empty());
    EXPECT_EQ(waiver.break_glass->ticket, "INC-1");
    EXPECT_EQ(to_rfc3339(waiver.break_glass->issued), "2026-11-24T10:00:00Z");
    EXPECT_EQ(to_rfc3339(waiver.ends), "2026-11-27T10:00:00Z") << "72 h is allowed";
    EXPECT_EQ(read(but_glass("-", "id = \"CVE-1\"\n")).ids.size(), 1U);
    EXPECT_EQ(to_rfc3339(read(but_glass("expires", "expires = 2026-11-25T01:30:00+05:30\n")).ends),
              "2026-11-24T20:00:00Z");
    Mistake const cases[] = {
        {but_glass("ticket", ""), "global.toml:2:1: a break-glass without ticket"},
        {but_glass("issued", ""), "a break-glass without issued"},
        {but_glass("expires", ""), "[[allow]] without expires"},
        {but_glass("owner", ""), "[[allow]] without owner"},
        {but_glass("expires", "expires = 2026-11-27T10:00:01Z\n"), "at most 72 h later"},
        {but_glass("expires", "expires = 2026-11-24T10:00:00Z\n"), "ends after it was issued"},
        {but_glass("expires", "expires = 2026-11-23T10:00:00Z\n"), "ends after it was issued"},
        {but_glass("expires", "expires = 2026-11-25\n"), "must be a moment with its offset"},
        {but_glass("expires", "expires = 2026-11-25T10:00:00\n"),
         "must be a moment with its offset"},
        {but_glass("issued", "issued = 2026-11-24\n"), "issued must be a moment with its offset"},
        {but_glass("ticket", "ticket = \"\"\n"), "ticket is empty"},
        {but("-", "ticket = \"INC-1\"\n"), "ticket only goes with break_glass = true"},
        {but("-", "issued = 2026-11-24T10:00:00Z\nbreak_glass = false\n"),
         "issued only goes with break_glass = true"},
        {but("-", "break_glass = \"true\"\n"), "break_glass must be true or false"},
    };
    expect_mistakes(cases);
}

TEST(AllowReader, AllMistakesOfAnExceptionAreToldAtOnce) {
    auto const said = mistakes("[[allow]]\nid = \"*\"\nowner = \"\"\nuntil = \"x\"\nfoo = 1\n");
    for (auto const* part : {"no vulnerability id",
                             "owner is empty",
                             "for until",
                             "unknown key foo",
                             "without reason",
                             "without expires"})
        EXPECT_NE(said.find(part), std::string::npos) << part << " is not in\n" << said;
}

} // namespace
} // namespace clairgate::policy
