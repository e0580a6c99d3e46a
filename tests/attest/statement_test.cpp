#include <clairgate/attest/statement.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::attest {
namespace {

// FIPS 180's digest of "abc".
constexpr std::string_view hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Statement sample() {
    return {{{"registry.example/team/shop", image::Digest::of("abc")}},
            "https://example.org/a\"type",
            "{ \"a\" : 1 }"};
}

constexpr std::string_view golden =
    R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"registry.example/team/shop",)"
    R"("digest":{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}],)"
    R"("predicateType":"https://example.org/a\"type","predicate":{ "a" : 1 }})";

std::string with(std::string_view old, std::string_view fresh) {
    std::string text(golden);
    auto const at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), fresh);
}

std::string reason(std::string_view json) {
    auto const parsed = parse_statement(json);
    if (parsed.has_value())
        return "accepted";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol);
    EXPECT_TRUE(parsed.error().text().starts_with("statement: ")) << parsed.error().text();
    return parsed.error().text();
}

std::string with_subjects(std::size_t count) {
    auto const subject = cat(R"({"digest":{"sha256":")", hex, "\"}}");
    std::string list = subject;
    for (std::size_t i = 1; i < count; ++i)
        list += cat(",", subject);
    return cat(R"({"_type":"https://in-toto.io/Statement/v1","subject":[)",
               list,
               R"(],"predicateType":"t","predicate":{}})");
}

TEST(StatementJson, HasDeterministicBytes) {
    EXPECT_EQ(statement_json(sample()), golden);
    auto two = sample();
    auto const sha512 = cat("sha512:", std::string(128, 'a'));
    two.subjects.push_back({"naïve\n", image::Digest::parse(sha512).value()});
    EXPECT_NE(statement_json(two).find(cat(
                  R"(},{"name":"naïve\n","digest":{"sha512":")", std::string(128, 'a'), "\"}}],")),
              std::string::npos);
}

TEST(ParseStatement, GivesBackWhatWasWritten) {
    auto two = sample();
    two.subjects.push_back({"", image::Digest::of("other")});
    auto const parsed = parse_statement(statement_json(two)).value();
    EXPECT_EQ(parsed.subjects, two.subjects);
    EXPECT_EQ(parsed.predicate_type, two.predicate_type);
    EXPECT_EQ(parsed.predicate, two.predicate);
    EXPECT_TRUE(is_about(parsed, image::Digest::of("abc")));
    EXPECT_TRUE(is_about(parsed, image::Digest::of("other")));
    EXPECT_FALSE(is_about(parsed, image::Digest::of("third")));
}

TEST(ParseStatement, AcceptsWhatOtherToolsWrite) {
    for (auto const& json : {with("Statement/v1", "Statement/v0.1"),
                             with("\"name\"", "\"uri\":\"pkg:oci/shop\",\"name\""),
                             with("\"name\":\"registry.example/team/shop\",", ""),
                             with("\"name\"", "\"annotations\":{\"x\":[1]},\"name\""),
                             with("\"sha256\"", "\"sha1\":\"ABC\",\"gitCommit\":7,\"sha256\""),
                             with("{\"_type\"", "\n{ \"_type\"") + "\n",
                             with_subjects(1024)})
        EXPECT_EQ(reason(json), "accepted") << json.substr(0, 300);
    EXPECT_EQ(parse_statement(with("{ \"a\" : 1 }", " {\"a\":[{}]}\n")).value().predicate,
              "{\"a\":[{}]}");
}

TEST(ParseStatement, RefusesWhatIsNoStatement) {
    std::pair<std::string, char const*> const cases[] = {
        {"", "no value"},
        {"[]", "is not an object"},
        {with("Statement/v1", "Statement/v2"), "its type is"},
        {with("Statement/v1", "Statement/v1/"), "its type is"},
        {with("\"_type\":\"https://in-toto.io/Statement/v1\",", ""), "\"_type\" is missing"},
        {with("\"https://in-toto.io/Statement/v1\"", "1"), "\"_type\" is not a string"},
        {with("\"predicateType\":\"https://example.org/a\\\"type\",", ""),
         "\"predicateType\" is missing"},
        {with("https://example.org/a\\\"type", ""), "\"predicateType\" is empty"},
        {with(",\"predicate\":{ \"a\" : 1 }", ""), "\"predicate\" is missing"},
        {with("{ \"a\" : 1 }", "null"), "\"predicate\" is missing"},
        {with("{ \"a\" : 1 }", "\"{}\""), "\"predicate\" is not an object"},
        {with("{ \"a\" : 1 }", "[]"), "\"predicate\" is not an object"},
        {with("{\"_type\"", "{\"x\":1,\"_type\""), "\"x\" is unknown"},
        {with("{\"_type\"", "{\"type\":1,\"_type\""), "\"type\" is unknown"},
        {with("{\"_type\"", "{\"predicate\":{},\"_type\""), "a key twice"},
        {with("{\"_type\"", "{\"\\u005ftype\":\"\",\"_type\""), "a key twice"},
        {with("{ \"a\" : 1 }", "{\"a\":1,\"b\":{\"c\":1,\"c\":1}}"), "a key twice"},
        {cat(golden, " 1"), "something behind the document"},
        {with("\"a\" :", "\"\xC3\x28\" :"), "malformed UTF-8"},
        {with("1 }", cat(std::string(70, '['), std::string(70, ']'), "}")), "nested too deeply"},
        {with("1 }", std::string(1'000'000, '[')), "nested too deeply"},
        {with("1 }", "NaN }"), "no value"}};
    for (auto const& [json, why] : cases)
        EXPECT_NE(reason(json).find(why), std::string::npos)
            << json.substr(0, 300) << " gave " << reason(json);
    for (std::size_t size = 0; size < golden.size(); ++size)
        EXPECT_NE(reason(golden.substr(0, size)), "accepted") << size;
}

TEST(ParseStatement, RefusesOddSubjects) {
    auto const digest = cat(R"({"sha256":")", hex, "\"}");
    auto const subject = cat(R"({"name":"registry.example/team/shop","digest":)", digest, "}");
    auto const shorter = std::string(hex.substr(1));
    auto const uppercase = cat("BA", hex.substr(2));
    std::pair<std::string, char const*> const cases[] = {
        {with(subject, ""), "no subject"},
        {with(cat("[", subject, "]"), subject), "\"subject\" is not an array"},
        {with(cat("[", subject, "]"), "null"), "\"subject\" is missing"},
        {with(subject, "null"), "a subject is not an object"},
        {with(subject, cat(subject, ",{}")), "\"digest\" is missing"},
        {with(digest, "\"sha256\""), "a subject's digest is not an object"},
        {with(digest, "{}"), "\"sha256\" is missing"},
        {with("\"sha256\":\"ba", "\"sha1\":\"ba"), "\"sha256\" is missing"},
        {with("\"sha256\":\"ba", "\"SHA256\":\"ba"), "\"sha256\" is missing"},
        {with(cat("\"", hex, "\""), "7"), "\"sha256\" is not a string"},
        {with(hex, uppercase), "upper case"},
        {with(hex, shorter), "63 characters"},
        {with(hex, cat(hex, "0")), "65 characters"},
        {with(hex, cat("g", shorter)), "not hexadecimal"},
        {with(hex, cat(" ", shorter)), "not hexadecimal"},
        {with(hex, cat("sha256:", hex)), "71 characters"},
        {with(hex, ""), "0 characters"},
        {with(digest, cat("{\"sha256\":\"\",", digest.substr(1))), "a key twice"},
        {with("\"name\"", "\"name\":\"\",\"name\""), "a key twice"},
        {with("\"name\"", "\"tag\":\"\",\"name\""), "\"tag\" is unknown"},
        {with("\"registry.example/team/shop\"", "1"), "\"name\" is not a string"},
        {with("\"name\"", "\"uri\":1,\"name\""), "\"uri\" is not a string"},
        {with("\"name\"", "\"annotations\":[],\"name\""), "\"annotations\" is not an object"},
        {with_subjects(1025), "more than 1024"}};
    for (auto const& [json, why] : cases)
        EXPECT_NE(reason(json).find(why), std::string::npos)
            << json.substr(0, 300) << " gave " << reason(json);
}

TEST(ParseStatement, DoesNotRepeatAFloodOfText) {
    for (auto const& json : {with("https://in-toto", std::string(100'000, 'x')),
                             with(hex, std::string(100'000, 'x')),
                             with("\"_type\"", cat("\"", std::string(100'000, 'x'), "\"")),
                             with("\"_type\"",
                                  cat("\"",
                                      std::string(100'000, 'x'),
                                      "\":0,\"",
                                      std::string(100'000, 'x'),
                                      "\":0,\"_type\""))})
        EXPECT_LT(reason(json).size(), 400U);
}

TEST(StatementJsonDeath, NeedsASubject) {
    EXPECT_DEATH(static_cast<void>(statement_json({{}, "t", "{}"})), "subjects");
}

} // namespace
} // namespace clairgate::attest
