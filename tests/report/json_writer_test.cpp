#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/json_writer.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <limits>
#include <random>

namespace clairgate::report {
namespace {

std::string document(std::function<void(JsonWriter&)> const& write) {
    std::string text;
    Out out([&text](std::string_view piece) { text += piece; });
    JsonWriter json(out);
    write(json);
    std::move(json).finish();
    out.finish();
    return text;
}

std::string written(std::string_view text) {
    return document([&](JsonWriter& json) { json.value(text); });
}

TEST(JsonWriter, WritesPeoplesIndentAndClosesWhatIsEmpty) {
    auto const text = document([](JsonWriter& json) {
        json.begin_object();
        json.member("a", std::uint64_t{1});
        json.key("b");
        json.begin_array();
        json.end_array();
        json.key("c");
        json.begin_object();
        json.end_object();
        json.member("d", std::vector<std::string>{"x", "y"});
        json.member("e", std::optional<std::string>());
        json.member("f", std::optional<std::string>("z"));
        json.member("g", true);
        json.member("h", std::int64_t{-5});
        json.end_object();
    });
    EXPECT_EQ(
        text,
        "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    \"x\",\n    \"y\"\n  ],\n"
        "  \"e\": null,\n  \"f\": \"z\",\n  \"g\": true,\n  \"h\": -5\n}\n");
}

TEST(JsonWriter, EscapesWhatATerminalOrACiLogWouldActOn) {
    struct {
        std::string text;
        char const* json;
    } const cases[] = {
        {"plain, naïve, 漢字, 🚀", "\"plain, naïve, 漢字, 🚀\"\n"},
        {"\"\\/\b\f\n\r\t", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"\n"},
        {"\x1b[31m", "\"\\u001b[31m\"\n"},
        {std::string("\0", 1), "\"\\u0000\"\n"},
        {"\x7f", "\"\\u007f\"\n"},
        {"\xC2\x9B", "\"\\u009b\"\n"},
        {"\xE2\x80\xAE", "\"\\u202e\"\n"},
        {"\xE2\x80\xA8", "\"\\u2028\"\n"},
        {"\xF3\xA0\x81\x81", "\"\\udb40\\udc41\"\n"},
        {"::error::", "\":\\u003aerror:\\u003a\"\n"},
        {":::", "\":\\u003a\\u003a\"\n"},
        {"section_start:1", "\"section_start\\u003a1\"\n"},
        {"##[x]", "\"#\\u0023[x]\"\n"},
        {"a:b#c", "\"a:b#c\"\n"},
        {"bad \xC0\xAF end", "\"bad \\ufffd\\ufffd end\"\n"},
        {"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\"\n"},
        {"cut \xE2\x82", "\"cut \\ufffd\\ufffd\"\n"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(written(c.text), c.json);
}

TEST(JsonWriter, EveryWellFormedTextComesBackFromAParser) {
    std::mt19937 random(20261124);
    std::string_view const pieces[] = {":",
                                       "#",
                                       "\"",
                                       "\\",
                                       "\n",
                                       "\x1b",
                                       "\xC2\x85",
                                       "é",
                                       "漢",
                                       "🚀",
                                       "\xE2\x80\xAE",
                                       "\xF3\xA0\x81\x81",
                                       "\xEF\xBF\xBF",
                                       "a",
                                       "section_start:"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto length = random() % 16; length > 0; --length)
            text += pieces[random() % std::size(pieces)];
        auto const json = written(text);
        ASSERT_EQ(printable(trim(json), SIZE_MAX), trim(json)); // nothing active in the document
        ASSERT_EQ(json.find("::"), std::string::npos);
        ASSERT_EQ(json.find("##"), std::string::npos);
        auto const parsed = clairgate::json::parse(json);
        ASSERT_TRUE(parsed.has_value());
        ASSERT_EQ(parsed->get<std::string>(), text);
    }
}

TEST(JsonWriter, AnyBytesGiveAValidDocument) {
    std::mt19937 random(42);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 24, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random());
        ASSERT_TRUE(clairgate::json::parse(written(bytes)).has_value()) << round;
    }
}

TEST(JsonWriter, NumbersAreShortestAndNeverInvalid) {
    struct {
        double number;
        char const* json;
    } const cases[] = {{9.8, "9.8\n"},
                       {10, "10.0\n"},
                       {0, "0.0\n"},
                       {0.1, "0.1\n"},
                       {1e300, "1e+300\n"},
                       {std::numeric_limits<double>::infinity(), "null\n"},
                       {std::numeric_limits<double>::quiet_NaN(), "null\n"}};
    for (auto const& c : cases) {
        auto const text = document([&](JsonWriter& json) { json.value(c.number); });
        EXPECT_EQ(text, c.json);
    }
}

TEST(JsonWriterDeathTest, KeysOutOfOrderOrTwiceAreAProgrammersError) {
    auto const write = [](char const* first, char const* second) {
        document([&](JsonWriter& json) {
            json.begin_object();
            json.member(first, true);
            json.member(second, true);
        });
    };
    EXPECT_DEATH(write("b", "a"), "last_key");
    EXPECT_DEATH(write("a", "a"), "last_key");
}

} // namespace
} // namespace clairgate::report
