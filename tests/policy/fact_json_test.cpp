#include <clairgate/base/text.hpp>
#include <clairgate/policy/fact_json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::policy {
namespace {

constexpr std::size_t kib = 1024;

template <class T>
std::string refusal(Result<T> const& result) {
    if (result.has_value())
        return "none";
    EXPECT_EQ(result.error().kind(), ErrorKind::policy);
    return result.error().message();
}

TEST(FactJson, WhateverIsWrongWithTheDocumentIsOfKindPolicy) {
    EXPECT_EQ(refusal(parse_fact_json("{}", kib)), "none");
    EXPECT_EQ(refusal(parse_fact_json("", kib)), "not valid JSON");
    EXPECT_EQ(refusal(parse_fact_json("{", kib)), "not valid JSON");
    EXPECT_EQ(refusal(parse_fact_json("{} x", kib)), "not valid JSON");
    EXPECT_EQ(refusal(parse_fact_json("{\"a\": \"\xFF\"}", kib)), "not valid JSON");
    EXPECT_EQ(refusal(parse_fact_json(R"({"a":1,"a":2})", kib)), "JSON key twice: \"a\"");
    EXPECT_EQ(refusal(parse_fact_json(std::string(100'000, '['), 200 * kib)),
              "JSON is nested too deeply");
    EXPECT_EQ(refusal(parse_fact_json(std::string(kib * kib + 1, ' '), kib * kib)),
              "larger than 1 MiB");
    EXPECT_EQ(refusal(parse_fact_json(std::string(kib * kib - 2, ' ') + "{}", kib * kib)), "none");
}

TEST(FactNode, ReadsMembersByType) {
    auto const document = parse_fact_json(
                              R"({"s":"x","e":"","n":null,"t":"2026-11-24T09:51:39Z","u":7,
                "o":{"i":[{"a":"b"},"c"]}})",
                              kib)
                              .value();
    FactNode const root(document);
    EXPECT_EQ(root.text("s").value(), "x");
    EXPECT_EQ(root.text("n").value(), "");
    EXPECT_EQ(root.text("none").value(), "");
    EXPECT_EQ(root.required_text("s").value(), "x");
    EXPECT_EQ(to_rfc3339(*root.time("t").value()), "2026-11-24T09:51:39Z");
    EXPECT_EQ(root.time("none").value(), std::nullopt);
    EXPECT_EQ(root.time("n").value(), std::nullopt);
    EXPECT_EQ(root.number("u").value(), 7U);
    EXPECT_EQ(root.object("none").value(), std::nullopt);
    EXPECT_TRUE(root.items("none").value().empty());
    auto const items = root.object("o").value()->items("i").value();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].place(), "o/i/0");
    EXPECT_EQ(items[0].text("a").value(), "b");
    EXPECT_EQ(items[1].text().value(), "c");
    EXPECT_FALSE(items[1].is_object());
    EXPECT_EQ(items[1].member("a"), std::nullopt);
}

TEST(FactNode, NamesTheMemberThatIsWrong) {
    auto const document =
        parse_fact_json(R"({"a":[{"x":1,"y":"","t":"yesterday","z":-1,"o":[],"f":1.5}]})", kib)
            .value();
    FactNode const root(document);
    auto const item = root.items("a").value().at(0);
    EXPECT_EQ(refusal(item.text("x")), "a/0/x is not a string");
    EXPECT_EQ(refusal(item.required_text("y")), "a/0/y is missing");
    EXPECT_EQ(refusal(item.required_text("none")), "a/0/none is missing");
    EXPECT_EQ(refusal(item.time("t")), "a/0/t is not a time (write 2026-11-24T09:51:39Z)");
    EXPECT_EQ(refusal(item.time("x")), "a/0/x is not a string");
    EXPECT_EQ(refusal(item.number("z")), "a/0/z is not a whole number");
    EXPECT_EQ(refusal(item.number("f")), "a/0/f is not a whole number");
    EXPECT_EQ(refusal(item.number("none")), "a/0/none is missing");
    EXPECT_EQ(refusal(item.object("o")), "a/0/o is not an object");
    EXPECT_EQ(refusal(item.items("x")), "a/0/x is not an array");
    EXPECT_EQ(refusal(item.text()), "a/0 is not a string");
    EXPECT_EQ(refusal(root.text()), "the document is not a string");
}

TEST(FactNode, RefusesMembersThatCouldNarrowWhatItSays) {
    constexpr std::string_view known[] = {"products", "subcomponents"};
    auto const of = [&](char const* text) {
        auto const document = parse_fact_json(text, kib).value();
        return refusal(FactNode(document, "statements/0").only(known));
    };
    EXPECT_EQ(of("{}"), "none");
    EXPECT_EQ(of(R"({"products":1,"@type":"x","@id":"y"})"), "none");
    EXPECT_EQ(of(R"({"subcomponent":[]})"),
              "statements/0 has an unknown member \"subcomponent\" (did you mean subcomponents?)");
    EXPECT_EQ(of(R"({"\u001b[31m":1})"), "statements/0 has an unknown member \"\\x1b[31m\"");
    EXPECT_EQ(of("[]"), "statements/0 is not an object");
}

} // namespace
} // namespace clairgate::policy
