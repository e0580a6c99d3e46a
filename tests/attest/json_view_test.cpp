#include <clairgate/attest/json_view.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <array>

namespace clairgate::attest {
namespace {

constexpr std::array<std::string_view, 4> known{"a", "b", "payload", "none"};

JsonMembers members(std::string_view text, bool may_have_others = false) {
    return read_members(JsonView::parse(text).value(), "the thing", known, may_have_others).value();
}

std::string reason(std::string_view text) {
    auto const read = read_members(JsonView::parse(text).value(), "the thing", known);
    return read.has_value() ? "" : read.error().message();
}

TEST(JsonView, GivesValuesByteForByte) {
    std::string_view const text =
        " { \"a\" :\n {\"x\" : [1, \"]}\\\"\\\\\", {}] }\t, \"b\":[ 1 ,-2.5e3\n,\"z\" ] } ";
    auto const document = JsonView::parse(text).value();
    EXPECT_EQ(document.type(), JsonType::object);
    EXPECT_EQ(document.text(), trim(text));
    EXPECT_EQ(document.text_with_space(), text);
    auto const read = members(text);
    EXPECT_EQ(read.get("a").value().text(), "{\"x\" : [1, \"]}\\\"\\\\\", {}] }");
    EXPECT_EQ(read.get("a").value().text_with_space(), "\n {\"x\" : [1, \"]}\\\"\\\\\", {}] }\t");
    EXPECT_EQ(read.get("b").value().text(), "[ 1 ,-2.5e3\n,\"z\" ]");
    auto const items = read_items(read.get("b").value(), "b", 3).value();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(items[0].text_with_space(), " 1 ");
    EXPECT_EQ(items[1].text(), "-2.5e3");
    EXPECT_EQ(items[1].text_with_space(), "-2.5e3\n");
    EXPECT_EQ(items[2].text(), "\"z\"");
}

TEST(JsonView, KnowsTypes) {
    std::pair<char const*, JsonType> const cases[] = {{"null", JsonType::null},
                                                      {"true", JsonType::boolean},
                                                      {"false", JsonType::boolean},
                                                      {"-1", JsonType::number},
                                                      {"7", JsonType::number},
                                                      {"\"\"", JsonType::string},
                                                      {"[]", JsonType::array},
                                                      {"{}", JsonType::object}};
    for (auto const& [text, type] : cases)
        EXPECT_EQ(JsonView::parse(text).value().type(), type) << text;
    EXPECT_FALSE(JsonView::parse("{").has_value());
}

TEST(JsonView, GivesStringsResolved) {
    EXPECT_EQ(members(R"({"a":"x\ny\u00e9"})").string("a").value(), "x\nyé");
    EXPECT_EQ(members(R"({"\u0061":"x"})").string("a").value(), "x");
    EXPECT_EQ(members("{}").optional_string("a").value(), "");
    EXPECT_EQ(members(R"({"a":null})").optional_string("a").value(), "");
    EXPECT_EQ(members("{}").string("a").error().message(), "the thing: \"a\" is missing");
    EXPECT_EQ(members(R"({"a":null})").string("a").error().message(),
              "the thing: \"a\" is missing");
    EXPECT_EQ(members(R"({"a":1})").string("a").error().message(),
              "the thing: \"a\" is not a string");
    EXPECT_FALSE(members(R"({"a":1})").optional_string("a").has_value());
}

TEST(JsonView, GivesBase64) {
    EXPECT_EQ(members(R"({"a":"+/8="})").base64("a").value(), "\xFB\xFF");
    EXPECT_EQ(members(R"({"a":"-_8="})").base64("a").value(), "\xFB\xFF");
    EXPECT_EQ(members(R"({"a":"+\/8\u003d"})").base64("a").value(), "\xFB\xFF");
    EXPECT_EQ(members(R"({"a":""})").base64("a").error().message(), "the thing: \"a\" is empty");
    EXPECT_EQ(members(R"({"a":"+_8="})").base64("a").error().message(),
              "the thing: \"a\" is not valid base64");
    EXPECT_EQ(members(R"({"a":["+/8="]})").base64("a").error().message(),
              "the thing: \"a\" is not a string");
    EXPECT_EQ(members("{}").base64("a").error().kind(), ErrorKind::protocol);
}

TEST(JsonView, GivesBase64OfProtobuf) {
    for (auto const* text : {"+/8=", "+/8", "-_8", "+\\/8\\u003d", "+\\/8"})
        EXPECT_EQ(members(cat(R"({"a":")", text, "\"}")).base64_of_protobuf("a").value(),
                  "\xFB\xFF");
    EXPECT_EQ(members(R"({"a":"+w"})").base64_of_protobuf("a").value(), "\xFB");
    EXPECT_EQ(members(R"({"a":"+/8B"})").base64_of_protobuf("a").value(), "\xFB\xFF\x01");
    for (auto const* text : {"+", "+w=", "+=w", "+/8B+", "+/8==", "+_8", "=", "=="})
        EXPECT_EQ(members(cat(R"({"a":")", text, "\"}")).base64_of_protobuf("a").error().message(),
                  "the thing: \"a\" is not valid base64")
            << text;
    EXPECT_EQ(members(R"({"a":""})").base64_of_protobuf("a").error().message(),
              "the thing: \"a\" is empty");
    EXPECT_FALSE(members(R"({"a":"+/8"})").base64("a").has_value());
}

std::string message_reason(std::string_view text) {
    constexpr std::array<std::string_view, 3> names{"rawBytes", "x509CertificateChain", "hint"};
    auto const read = read_message(JsonView::parse(text).value(), "the message", names);
    if (!read.has_value())
        return read.error().message();
    std::string out;
    for (auto const name : names)
        out += read->find(name) == nullptr ? "" : cat(name, "=", read->get(name)->text(), " ");
    return out;
}

TEST(JsonView, ReadsNamesInBothSpellingsOfProtobuf) {
    std::string_view const all = "rawBytes=1 x509CertificateChain=2 hint=3 ";
    EXPECT_EQ(message_reason(R"({"hint":3,"rawBytes":1,"x509CertificateChain":2})"), all);
    EXPECT_EQ(message_reason(R"({"raw_bytes":1,"x509_certificate_chain":2,"hint":3})"), all);
    EXPECT_EQ(message_reason(R"({"raw\u005fbytes":1})"), "rawBytes=1 ");
    EXPECT_EQ(message_reason(R"({"raw_bytes":null})"), "");
    EXPECT_EQ(message_reason(R"({"raw_bytes":1,"rawBytes":null})"),
              "the message: \"rawBytes\" is there twice");
    for (auto const* name : {"raw_Bytes", "rawbytes", "RawBytes", "_raw_bytes", "raw_bytes_"})
        EXPECT_EQ(message_reason(cat("{\"", name, "\":1}")),
                  cat("the message: \"", name, "\" is unknown"));
    EXPECT_EQ(message_reason("1"), "the message is not an object");
}

TEST(JsonView, KeepsToKnownMembers) {
    EXPECT_EQ(reason(R"({"a":1,"c":2})"), "the thing: \"c\" is unknown");
    EXPECT_EQ(reason(R"({"A":1})"), "the thing: \"A\" is unknown");
    EXPECT_EQ(reason(R"({"c\n":null})"), "the thing: \"c\\x0a\" is unknown");
    EXPECT_EQ(reason("[]"), "the thing is not an object");
    EXPECT_LT(reason(cat("{\"", std::string(100'000, 'x'), "\":1}")).size(), 200U);
    auto const some = members(R"({"c":[{"a":0}],"a":1,"d":"}"})", true);
    EXPECT_EQ(some.get("a").value().text(), "1");
    EXPECT_EQ(some.find("c"), nullptr);
    EXPECT_EQ(members(R"({"none":null})").find("none"), nullptr);
}

TEST(JsonView, BoundsItems) {
    auto const three = JsonView::parse("[1,2,3]").value();
    EXPECT_EQ(read_items(three, "the list", 3).value().size(), 3U);
    EXPECT_EQ(read_items(three, "the list", 2).error().message(),
              "the list has more than 2 entries");
    EXPECT_EQ(read_items(JsonView::parse("{}").value(), "the list", 2).error().message(),
              "the list is not an array");
    EXPECT_TRUE(read_items(JsonView::parse("[ ]").value(), "the list", 0).value().empty());
}

TEST(JsonView, ReadsBackslashesInFrontOfQuotes) {
    auto const read = members(R"({"a":"\\","b":"\\\"","payload":"\"\\\\"})");
    EXPECT_EQ(read.string("a").value(), "\\");
    EXPECT_EQ(read.string("b").value(), "\\\"");
    EXPECT_EQ(read.string("payload").value(), "\"\\\\");
}

} // namespace
} // namespace clairgate::attest
