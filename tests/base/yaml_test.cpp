#include <clairgate/base/json.hpp>
#include <clairgate/base/yaml.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace clairgate {
namespace {

// The value as JSON, or the place and message of the error.
std::string read(std::string_view text) {
    auto const value = yaml::parse(text);
    if (value.has_value())
        return json::dump(*value);
    auto const place = value.error().position().value_or(SourcePosition{});
    return std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
           std::string(to_string(value.error().kind())) + ": " + value.error().message();
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += piece;
    return out;
}

struct Case {
    std::string text;
    std::string expected;
};

TEST(YamlParse, ReadsWhatPeopleWrite) {
    Case const cases[] = {
        {"", "null"},
        {"# nothing\n", "null"},
        {"---\n...\n", "null"},
        {"\xEF\xBB\xBF"
         "a: 1",
         R"({"a":1})"},
        {"%YAML 1.1\n---\na: b\n", R"({"a":"b"})"},
        {"a:\n  - 1\n  - two # said\n  - {b: [], c: {}}\n", R"({"a":[1,"two",{"b":[],"c":{}}]})"},
        {"b: 1\r\na: |\r\n  two\r\n  lines\r\n", R"({"a":"two\nlines\n","b":1})"},
        {"a: >-\n  one\n  line\n", R"({"a":"one line"})"},
        {"a: \"\\u00e9\\n\"\nb: 'it''s'\n", R"({"a":"é\n","b":"it's"})"},
        {"CVE-2019-8696:\nCVE-2014-8166: cups", R"({"CVE-2014-8166":"cups","CVE-2019-8696":null})"},
        {"1: a\ntrue: b\n~: c\n'<<': d", R"({"1":"a","<<":"d","true":"b","~":"c"})"},
        {"{\"json\": [true, null, -1.5e3]}", R"({"json":[true,null,-1500.0]})"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(read(c.text), c.expected) << c.text;
}

TEST(YamlParse, TagsMaySayWhatAValueIsAnyway) {
    Case const cases[] = {
        {"!!str 12", R"("12")"},
        {"! 12", R"("12")"},
        {"!!int 12", "12"},
        {"!!int \"12\"", "12"},
        {"!!float 12", "12"},
        {"!!null ''", "null"},
        {"!!bool true", "true"},
        {"!!map {a: !!seq [b]}", R"({"a":["b"]})"},
        {"!!int twelve", "1:1: protocol: tag tag:yaml.org,2002:int is not accepted"},
        {"!!bool yes", "1:1: protocol: tag tag:yaml.org,2002:bool is not accepted"},
        {"!!seq {}", "1:1: protocol: tag tag:yaml.org,2002:seq is not accepted"},
        {"a: !!binary aGk=", "1:4: protocol: tag tag:yaml.org,2002:binary is not accepted"},
        {"a: !!timestamp 2026-01-01",
         "1:4: protocol: tag tag:yaml.org,2002:timestamp is not accepted"},
        {"- !!python/object/apply:os.system [id]",
         "1:3: protocol: tag tag:yaml.org,2002:python/object/apply:os.system is not accepted"},
        {"a: !ruby/object:Gem {}", "1:4: protocol: tag !ruby/object:Gem is not accepted"},
        {"!!set {a}", "1:1: protocol: tag tag:yaml.org,2002:set is not accepted"},
        {"!own k: v", "1:1: protocol: tag !own is not accepted"},
        {"!\x1b x", "1:2: protocol: not valid YAML: control characters are not allowed"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(read(c.text), c.expected) << c.text;
}

TEST(YamlParse, ExpandsAliasesAndMergeKeys) {
    Case const cases[] = {
        {"a: &x [1, 2]\nb: *x\n", R"({"a":[1,2],"b":[1,2]})"},
        {"a: &x 1\nb: &x 2\nc: *x\n", R"({"a":1,"b":2,"c":2})"},
        {"&k a: 1\nb: *k\n", R"({"a":1,"b":"a"})"},
        {"- &x [&x 1, *x]\n- *x\n", R"([[1,1],[1,1]])"},
        {"base: &b {a: 1, b: 2}\nnew:\n  <<: *b\n  b: 3\n",
         R"({"base":{"a":1,"b":2},"new":{"a":1,"b":3}})"},
        {"new:\n  b: 3\n  <<: [{a: 1, b: 2}, {a: 9, c: 4}]\n", R"({"new":{"a":1,"b":3,"c":4}})"},
        {"{<<: [], a: 1}", R"({"a":1})"},
        {"{!!str <<: {a: 1}}", R"({"<<":{"a":1}})"},
        {"{<<: 1}", "1:6: protocol: \"<<\" merges something that is no mapping"},
        {"{<<: [{}, 1]}", "1:12: protocol: \"<<\" merges something that is no mapping"},
        {"{<<: {}, <<: {}}", "1:10: protocol: key twice: <<"},
        {"a: *nobody", "1:4: protocol: alias *nobody has no anchor before it"},
        {"a: [*later]\nb: &later 1", "1:5: protocol: alias *later has no anchor before it"},
        {"&a [*a]", "1:5: protocol: alias *a is inside of its own anchor"},
        {"&a {b: {c: *a}}", "1:12: protocol: alias *a is inside of its own anchor"},
        {"&a a: &b 1\n*b : 2", "2:1: protocol: a key is no scalar but an alias"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(read(c.text), c.expected) << c.text;
}

TEST(YamlParse, SaysWhereAndWhyItRefuses) {
    Case const cases[] = {
        {"a: 1\nb: 2\na: 3\n", "3:1: protocol: key twice: a"},
        {"a: {b: 1, \"b\": 2}", "1:11: protocol: key twice: b"},
        {"1: a\n'1': b", "2:1: protocol: key twice: 1"},
        {"a: 1\n---\nb: 2\n", "2:1: protocol: more than one document"},
        {"---\n---\n", "2:1: protocol: more than one document"},
        {"a: 1\n...\nb\n", "3:1: protocol: not valid YAML: did not find expected <document start>"},
        {"? [a]\n: 1", "1:3: protocol: a key is no scalar"},
        {"{{a: 1}: 2}", "1:2: protocol: a key is no scalar"},
        {"a:\n\t- 1\n",
         "2:1: protocol: not valid YAML: found character that cannot start any token"},
        {"a: [1, 2\nb: 3", "2:2: protocol: not valid YAML: did not find expected ',' or ']'"},
        {"ok: 1\nab: \"\xC3\xA9\xff\"",
         "2:7: protocol: not valid YAML: invalid leading UTF-8 octet"},
        {"\xED\xA0\x80", "1:1: protocol: not valid YAML: invalid Unicode character"},
        {"\xC0\xAF", "1:1: protocol: not valid YAML: invalid length of a UTF-8 sequence"},
        {"a\xE2\x82", "1:2: protocol: not valid YAML: incomplete UTF-8 octet sequence"},
        {std::string("a: b\0c", 6),
         "1:5: protocol: not valid YAML: control characters are not allowed"},
        {"a: \x1b[31m", "1:4: protocol: not valid YAML: control characters are not allowed"},
        {std::string("\xff\xfe"
                     "a\0",
                     4),
         "1:1: protocol: not valid YAML: invalid leading UTF-8 octet"},
        {"a: \"\\ud800\"",
         "1:7: protocol: not valid YAML: found invalid Unicode character escape code"},
        {"a: \xE2\x80\xAE: b",
         "1:5: protocol: not valid YAML: mapping values are not allowed in this context"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(read(c.text), c.expected) << c.text;
}

TEST(YamlParse, KeepsToItsBounds) {
    auto const deep = [](std::size_t depth) {
        return repeated("[", depth) + "1" + repeated("]", depth);
    };
    EXPECT_EQ(read(deep(yaml::depth_max)), deep(yaml::depth_max));
    EXPECT_EQ(read(deep(yaml::depth_max + 1)), "1:33: limit: nested deeper than 32");
    EXPECT_EQ(read(repeated("- ", 33) + "1"), "1:65: limit: nested deeper than 32");
    EXPECT_EQ(read(repeated("a: ", 2)),
              "1:5: protocol: not valid YAML: mapping values are not "
              "allowed in this context");
    // An alias is as deep as what it stands for.
    auto const half = "[&a " + deep(16) + ", " + repeated("[", 15) + "*a" + repeated("]", 15) + "]";
    EXPECT_TRUE(yaml::parse(half).has_value()) << read(half);
    auto const more = "[&a " + deep(16) + ", " + repeated("[", 16) + "*a" + repeated("]", 16) + "]";
    EXPECT_NE(read(more).find("limit: nested deeper than 32"), std::string::npos) << read(more);

    auto const many = [](std::size_t values) { return "[" + repeated("1,", values - 1) + "]"; };
    EXPECT_TRUE(yaml::parse(many(yaml::nodes_max)).has_value());
    EXPECT_EQ(read(many(yaml::nodes_max + 1)),
              "1:200000: limit: more than 100000 values, aliases expanded");
    EXPECT_TRUE(yaml::parse("\"" + std::string(yaml::bytes_max - 2, 'a') + "\"").has_value());
    EXPECT_EQ(read(std::string(yaml::bytes_max + 1, ' ')), "0:0: limit: YAML larger than 1024 KiB");
}

TEST(YamlParse, IsNotFilledByALaughOfAliases) {
    std::string laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int i = 1; i < 10; ++i) {
        auto const before = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
                  repeated(before + ", ", 8) + before + "]\n";
    }
    EXPECT_NE(read(laughs).find("limit: more than 100000 values"), std::string::npos);
    // Few values, but large ones.
    auto const large = "- &a " + std::string(500'000, 'x') + "\n" + repeated("- *a\n", 90'000);
    EXPECT_NE(read(large).find("limit: more than 4 MiB"), std::string::npos)
        << read(large).substr(0, 200);
    auto const merged =
        "- &a {? " + std::string(500'000, 'k') + " : 1}\n" + repeated("- {<<: *a}\n", 40'000);
    EXPECT_NE(read(merged).find("limit: more than 4 MiB"), std::string::npos);
    // What anchors keep is bounded too: each of these would keep everything inside of it.
    std::string nested;
    for (int i = 0; i < 31; ++i)
        nested += "&a" + std::to_string(i) + " [";
    nested += "[" + repeated("1,", 50'000) + "]" + repeated("]", 31);
    EXPECT_NE(read(nested).find("limit: more than 100000 values"), std::string::npos);
}

TEST(YamlParse, SpendsLittleTimeOnHostileText) {
    auto const start = std::chrono::steady_clock::now();
    for (auto const& text : {repeated("[", 1'000'000),
                             repeated("{", 1'000'000),
                             repeated("- ", 500'000),
                             repeated("? ", 500'000),
                             repeated("[{a: ", 200'000),
                             repeated("&a ", 300'000),
                             repeated("*a ", 300'000),
                             repeated("!!", 500'000),
                             repeated("a: 1\n", 200'000),
                             "a: \"" + repeated("\\", 1'000'000),
                             "a: |\n" + repeated(" \n", 500'000),
                             repeated("\n", 1'000'000) + "[",
                             repeated("%TAG ! a\n", 100'000),
                             "'" + repeated("\xF0\x9F\x98\x80", 250'000)})
        EXPECT_FALSE(yaml::parse(text).has_value() && text[0] != 'a') << text.substr(0, 20);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(YamlParse, SurvivesEveryTruncation) {
    std::string const text = "a: &x [1, 'two', \"th\\u0072ee\", {b: !!str c}]\n"
                             "? d\n: >\n  folded\n  text\n<<: {e: *x}\n";
    ASSERT_TRUE(yaml::parse(text).has_value()) << read(text);
    for (std::size_t length = 0; length <= text.size(); ++length) {
        auto const value = yaml::parse(std::string_view(text).substr(0, length));
        EXPECT_TRUE(value.has_value() || value.error().position().has_value()) << length;
        for (char const c : {'\0', '\t', '[', '&', '\xff', ':'}) {
            auto damaged = text;
            damaged.insert(length, 1, c);
            (void)yaml::parse(damaged).has_value();
        }
    }
}

} // namespace
} // namespace clairgate
