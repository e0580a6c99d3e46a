#include <clairgate/attest/envelope.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::attest {
namespace {

Envelope sample() {
    return {"{\"a\":1}", std::string(payload_type), "\xFB\xFF\x01"};
}

constexpr std::string_view golden =
    R"({"payload":"eyJhIjoxfQ==","payloadType":"application/vnd.in-toto+json",)"
    R"("signatures":[{"sig":"+/8B"}]})";

std::string with(std::string_view old, std::string_view fresh) {
    std::string text(golden);
    auto const at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), fresh);
}

std::string reason(std::string_view json) {
    auto const parsed = parse_envelope(json);
    if (parsed.has_value())
        return "accepted";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol) << json;
    return parsed.error().text();
}

TEST(Pae, AgreesWithTheSpecification) {
    EXPECT_EQ(pae("http://example.com/HelloWorld", "hello world"),
              "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    EXPECT_EQ(to_hex(sha256(pae("http://example.com/HelloWorld", "hello world"))),
              "217751fac2c4f14edb2c9297fbc34abcb016ba88e74757e875ec4ac16fb6b6a1");
    EXPECT_EQ(to_hex(sha256(pae(payload_type, "{}"))),
              "4842cb1ba6fed6e460d8a0d56f6b64ccf1f1e11f7714a7f282080d5780251b63");
    EXPECT_EQ(pae("", ""), "DSSEv1 0  0 ");
    EXPECT_EQ(pae("é", std::string_view("\0 1", 3)),
              std::string("DSSEv1 2 é 3 ") + std::string("\0 1", 3));
}

TEST(EnvelopeJson, HasDeterministicBytesWithoutAKeyId) {
    EXPECT_EQ(envelope_json(sample()), golden);
    EXPECT_EQ(parse_envelope(golden).value(), sample());
}

TEST(ParseEnvelope, AcceptsOtherSpellings) {
    EXPECT_EQ(parse_envelope(with("+/8B", "-_8B")).value(), sample());
    EXPECT_EQ(parse_envelope(with("+/8B", R"(\u002b\/8B)")).value(), sample());
    EXPECT_EQ(parse_envelope(with(R"({"sig")", R"({"keyid":"any","sig")")).value(), sample());
    EXPECT_EQ(parse_envelope(with(R"({"sig")", R"({"keyid":null,"sig")")).value(), sample());
    EXPECT_EQ(parse_envelope(cat(" ", golden, "\n")).value(), sample());
}

TEST(ParseEnvelope, RefusesAndSaysWhy) {
    auto const signature = R"({"sig":"+/8B"})";
    std::pair<std::string, char const*> const cases[] = {
        {"", "no value"},
        {"[]", "is not an object"},
        {cat(golden, golden), "something behind the document"},
        {with("in-toto+json", "in-toto.vuln+json"), "is of type"},
        {with("application/vnd.in-toto+json", "application/json"), "is of type"},
        {with("application/vnd", "Application/vnd"), "is of type"},
        {with("payloadType", "payload_type"), "\"payload_type\" is unknown"},
        {with("{\"payload\":", "{\"x\":1,\"payload\":"), "\"x\" is unknown"},
        {with("{\"payload\":", "{\"payload\":\"e30=\",\"payload\":"), "a key twice"},
        {with("{\"payload\":", R"({"p\u0061yload":"e30=","payload":)"), "a key twice"},
        {with("{\"sig\":", "{\"sig\":\"AAAA\",\"sig\":"), "a key twice"},
        {with("{\"sig\":", "{\"cert\":\"AAAA\",\"sig\":"), "\"cert\" is unknown"},
        {with("{\"sig\":", "{\"keyid\":7,\"sig\":"), "\"keyid\" is not a string"},
        {with(signature, ""), "no signature"},
        {with(signature, cat(signature, ",", signature)), "more than 1"},
        {with(signature, "null"), "is not an object"},
        {with(signature, "{}"), "\"sig\" is missing"},
        {with("[{\"sig\":\"+/8B\"}]", "{\"sig\":\"+/8B\"}"), "is not an array"},
        {with("[{\"sig\":\"+/8B\"}]", "null"), "\"signatures\" is missing"},
        {with("+/8B", ""), "\"sig\" is empty"},
        {with("+/8B", "+/8"), "\"sig\" is not valid base64"},
        {with("+/8B", "+_8B"), "\"sig\" is not valid base64"},
        {with("eyJhIjoxfQ==", ""), "\"payload\" is empty"},
        {with("eyJhIjoxfQ==", "eyJhIjoxfQ"), "\"payload\" is not valid base64"},
        {with("eyJhIjoxfQ==", "eyJhIj oxfQ="), "\"payload\" is not valid base64"},
        {with("\"eyJhIjoxfQ==\"", "null"), "\"payload\" is missing"},
        {with("\"eyJhIjoxfQ==\"", "{\"a\":1}"), "\"payload\" is not a string"},
        {with("eyJh", "\xFFyJh"), "malformed UTF-8"},
        {std::string(1'000'000, '['), "nested too deeply"}};
    for (auto const& [json, why] : cases)
        EXPECT_NE(reason(json).find(why), std::string::npos)
            << json.substr(0, 300) << " gave " << reason(json);
    for (std::size_t size = 0; size < golden.size(); ++size)
        EXPECT_NE(reason(golden.substr(0, size)), "accepted") << size;
}

TEST(Envelope, CarriesEveryByte) {
    std::string bytes;
    for (int i = 0; i < 1024; ++i)
        bytes += static_cast<char>(i);
    Envelope const envelope{bytes, std::string(payload_type), bytes + "x"};
    EXPECT_EQ(parse_envelope(envelope_json(envelope)).value(), envelope);
}

} // namespace
} // namespace clairgate::attest
