#include "attest/sample_bundle.hpp"
#include <clairgate/attest/statement.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::attest {
namespace {

constexpr std::string_view keyed =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
    R"("verificationMaterial":{"publicKey":{)"
    R"("hint":"6cPqj1tAKys8xo54Mym8/2YiZIeSFvWjRmD32Y8VMNU="}},)"
    R"("dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json",)"
    R"("signatures":[{"sig":"+/8B"}]}})";

constexpr std::string_view keyless =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
    R"("verificationMaterial":{"certificate":{"rawBytes":"MAA="},)"
    R"("tlogEntries":[{"logIndex": "1",  "x": {"y": 1}},{}],)"
    R"("timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"MAE="},)"
    R"({"signedTimestamp":"MAI="}]}},)"
    R"("dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json",)"
    R"("signatures":[{"sig":"+/8B"}]}})";

std::string with(std::string_view text, std::string_view old, std::string_view fresh) {
    std::string out(text);
    auto const at = out.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return out.replace(at, old.size(), fresh);
}

std::string reason(std::string_view json) {
    auto const parsed = parse_bundle(json);
    if (parsed.has_value())
        return "accepted";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol) << json;
    EXPECT_TRUE(parsed.error().text().starts_with("bundle: ")) << parsed.error().text();
    return parsed.error().text();
}

std::string entries(std::size_t count, std::string_view entry) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += cat(i == 0 ? "" : ",", entry);
    return out;
}

TEST(Bundle, HintIsTheHashOfThePublicKey) {
    auto const spki =
        from_base64("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE72VrrBLxhRi3LF9z6c9X/wjGh3KpOj3dGXndUNsL"
                    "RtwRZhb05D7lId5Lx8IGBm9+GkfVazkcGxCXM6YKZhKBQg==");
    EXPECT_EQ(to_base64(sha256(spki.value())), test::keyed_bundle().key_hint);
}

TEST(BundleJson, HasDeterministicBytes) {
    EXPECT_EQ(bundle_json(test::keyed_bundle()), keyed);
    EXPECT_EQ(bundle_json(test::keyless_bundle()), keyless);
    auto no_hint = test::keyed_bundle();
    no_hint.key_hint = "";
    EXPECT_NE(bundle_json(no_hint).find(R"("publicKey":{"hint":""}})"), std::string::npos);
}

TEST(BundleJson, IsOneLineWhateverTheLogAnswered) {
    auto bundle = test::keyless_bundle();
    bundle.log_entries = {"{\r\n  \"a\\n\":\n1\n}\n"};
    auto const json = bundle_json(bundle);
    EXPECT_EQ(json.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(parse_bundle(json).value().log_entries, std::vector<std::string>{"{  \"a\\n\":1}"});
}

TEST(ParseBundle, GivesBackWhatWasWritten) {
    for (auto const& bundle : {test::keyed_bundle(), test::keyless_bundle()}) {
        auto const parsed = parse_bundle(bundle_json(bundle)).value();
        EXPECT_EQ(parsed.envelope, bundle.envelope);
        EXPECT_EQ(parsed.key_hint, bundle.key_hint);
        EXPECT_EQ(parsed.certificate, bundle.certificate);
        EXPECT_EQ(parsed.log_entries, bundle.log_entries);
        EXPECT_EQ(parsed.timestamps, bundle.timestamps);
    }
}

TEST(ParseBundle, AcceptsOtherSpellings) {
    auto const accepts = [](std::string const& json) {
        EXPECT_EQ(reason(json), "accepted") << json;
    };
    accepts(with(keyed, bundle_media_type, old_bundle_media_type));
    accepts(with(keyed, bundle_media_type, R"(application\/vnd.dev.sigstore.bundle.v0.3+json)"));
    accepts(cat(keyed, "\n"));
    accepts(with(keyed, R"({"sig")", R"({"keyid":"","sig")"));
    accepts(with(keyed, "}},", R"(},"tlogEntries":[],"timestampVerificationData":{}},)"));
    accepts(with(keyed, "}},", R"(},"tlogEntries":null,"timestampVerificationData":null},)"));
    accepts(with(keyed, "}},", R"(},"timestampVerificationData":{"rfc3161Timestamps":null}},)"));
    accepts(with(keyless, "[{\"logIndex\"", cat("[", entries(30, "{}"), ",{\"logIndex\"")));
    accepts(with(keyed, "e30=", "e30"));
    accepts(with(keyed, "+/8B", "-_8"));
    auto const hint = R"({"hint":"6cPqj1tAKys8xo54Mym8/2YiZIeSFvWjRmD32Y8VMNU="})";
    EXPECT_EQ(parse_bundle(with(keyed, hint, "{}")).value().key_hint, "");
}

TEST(ParseBundle, AcceptsTheNamesOfTheProtoFiles) {
    std::string json(keyless);
    for (auto const& [name, in_proto] :
         {std::pair("mediaType", "media_type"),
          std::pair("verificationMaterial", "verification_material"),
          std::pair("rawBytes", "raw_bytes"),
          std::pair("tlogEntries", "tlog_entries"),
          std::pair("timestampVerificationData", "timestamp_verification_data"),
          std::pair("rfc3161Timestamps", "rfc3161_timestamps"),
          std::pair("signedTimestamp", "signed_timestamp"),
          std::pair("dsseEnvelope", "dsse_envelope")})
        json = with(json, name, in_proto);
    EXPECT_EQ(bundle_json(parse_bundle(json).value()), keyless);
    EXPECT_EQ(reason(with(keyed, "publicKey", "public_key")), "accepted");
    std::pair<std::string, char const*> const cases[] = {
        {with(keyed, "payloadType", "payload_type"), "\"payload_type\" is unknown"},
        {with(keyed, "{\"mediaType\"", "{\"media_type\":\"\",\"mediaType\""),
         "\"mediaType\" is there twice"},
        {with(keyed, "\"publicKey\"", "\"public_key\":null,\"publicKey\""),
         "\"publicKey\" is there twice"},
        {with(keyed, "\"dsseEnvelope\"", "\"message_signature\":{},\"dsseEnvelope\""),
         "signs a message"},
        {with(keyed, "\"publicKey\"", "\"x509_certificate_chain\":{},\"publicKey\""),
         "a certificate chain"}};
    for (auto const& [text, why] : cases)
        EXPECT_NE(reason(text).find(why), std::string::npos) << text << " gave " << reason(text);
}

TEST(ParseBundle, RefusesOtherKindsOfBundles) {
    auto const old = [](std::string_view version) {
        return with(keyed,
                    bundle_media_type,
                    cat("application/vnd.dev.sigstore.bundle+json;version=", version));
    };
    auto const envelope = keyed.substr(keyed.find(R"("dsseEnvelope")"));
    std::pair<std::string, char const*> const cases[] = {
        {old("0.1"), "only a Sigstore bundle of version 0.3"},
        {old("0.2"), "only a Sigstore bundle of version 0.3"},
        {with(keyed, "v0.3", "v0.4"), "only a Sigstore bundle of version 0.3"},
        {with(keyed, "v0.3+json", "v0.3+json "), "only a Sigstore bundle of version 0.3"},
        {with(keyed, cat("\"", bundle_media_type, "\""), "3"), "\"mediaType\" is not a string"},
        {with(keyed, cat("\"mediaType\":\"", bundle_media_type, "\","), ""),
         "\"mediaType\" is missing"},
        {with(keyed, envelope, R"("messageSignature":{"signature":"AAAA"}})"), "signs a message"},
        {with(keyed, R"("dsseEnvelope")", R"("messageSignature":{},"dsseEnvelope")"),
         "signs a message"},
        {with(keyed, cat(",", envelope), "}"), "\"dsseEnvelope\" is missing"},
        {with(keyed, "dsseEnvelope", "dsse_Envelope"), "\"dsse_Envelope\" is unknown"},
        {with(keyed, "{\"mediaType\"", "{\"x\":null,\"mediaType\""), "\"x\" is unknown"},
        {with(keyed, R"("publicKey":{)", R"("publicKey":null,"x":{)"), "\"x\" is unknown"},
        {with(keyed, R"("publicKey":{)", R"("publicKey":{"id":"",)"), "\"id\" is unknown"},
        {with(keyed, "\"6cPq", "7,\"x\":\"6cPq"), "is unknown"},
        {with(keyed, R"("publicKey":{"hint")", R"("certificate":{"rawBytes")"), "accepted"},
        {with(keyed, R"("publicKey":{)", R"("certificate":{"rawBytes":"AAAA"},"publicKey":{)"),
         "a public key and a certificate"},
        {with(keyless, R"("certificate":{"rawBytes":"MAA="},)", ""),
         "neither a public key nor a certificate"},
        {with(keyless,
              R"("certificate":{"rawBytes":"MAA="})",
              R"("x509CertificateChain":{"certificates":[{"rawBytes":"MAA="}]})"),
         "a certificate chain"},
        {with(keyless, "\"MAA=\"", "\"\""), "\"rawBytes\" is empty"},
        {with(keyless, "\"MAA=\"", "\"MA=\""), "\"rawBytes\" is not valid base64"},
        {with(keyless, R"("rawBytes":"MAA=")", R"("rawBytes":"MAA=","pem":"")"),
         "\"pem\" is unknown"}};
    for (auto const& [json, why] : cases)
        EXPECT_NE(reason(json).find(why), std::string::npos) << json << " gave " << reason(json);
}

TEST(ParseBundle, RefusesBrokenEntriesAndEnvelopes) {
    auto const signature = R"({"sig":"+/8B"})";
    std::pair<std::string, char const*> const cases[] = {
        {with(keyless, "[{\"logIndex\"", cat("[", entries(31, "{}"), ",{\"logIndex\"")),
         "\"tlogEntries\" has more than 32"},
        {with(keyless, ",{}]", ",1]"), "a log entry is not an object"},
        {with(keyless, "\"x\": {", "\"logIndex\": {"), "a key twice"},
        {with(keyless,
              "[{\"signed",
              cat("[", entries(31, R"({"signedTimestamp":"AA=="})"), ",{\"signed")),
         "\"rfc3161Timestamps\" has more than 32"},
        {with(keyless, R"({"signedTimestamp":"MAE="})", "\"MAE=\""),
         "a timestamp is not an object"},
        {with(keyless, "MAE=", "MAEA="), "\"signedTimestamp\" is not valid base64"},
        {with(keyless, "\"rfc3161Timestamps\"", "\"x\":1,\"rfc3161Timestamps\""), "is unknown"},
        {with(keyless, "\"MAE=\"", "\"MAE=\",\"x\":0"), "\"x\" is unknown"},
        {with(keyed, signature, R"({"keyid":"6cPq","sig":"+/8B"})"), "\"keyid\""},
        {with(keyed, signature, cat(signature, ",", signature)), "more than 1"},
        {with(keyed, signature, ""), "no signature"},
        {with(keyed, "vnd.in-toto+json", "vnd.in-toto.x+json"), "is of type"},
        {with(keyed, "e30=", ""), "\"payload\" is empty"},
        {with(keyed, "{\"payload\"", "{\"payload\":\"e30=\",\"payload\""), "a key twice"},
        {with(keyed, "\"dsse", "\"mediaType\":0,\"dsse"), "a key twice"},
        {cat(keyed, "x"), "something behind the document"},
        {cat(keyed, keyed), "something behind the document"},
        {cat("\xEF\xBB\xBF", keyed), "no value"},
        {with(keyed, "6cPq", "6c\xC3q"), "malformed UTF-8"},
        {with(keyless, "\"1\"", std::string(1'000'000, '[')), "nested too deeply"},
        {with(keyless, "\"1\"", "01"), "neither , nor }"}};
    for (auto const& [json, why] : cases)
        EXPECT_NE(reason(json).find(why), std::string::npos)
            << json.substr(0, 300) << " gave " << reason(json);
    for (auto const& text : {keyed, keyless})
        for (std::size_t size = 0; size < text.size(); ++size)
            EXPECT_NE(reason(text.substr(0, size)), "accepted") << size;
}

TEST(Bundle, CarriesALargeReportByteForByte) {
    std::string report = "\n{\n  \"findings\": [";
    for (std::size_t i = 0; report.size() < std::size_t{2} << 20U; ++i)
        report += cat(i == 0 ? "" : ",",
                      "\n    {\n      \"id\": \"CVE-2099-",
                      i,
                      "\",\n      \"text\": \"a \\\"word\\\", naïve \\u202e 漢字\\\\\",\n      ",
                      "\"score\": 1.50E+1\n    }");
    report += "\n  ]\n}\n";
    ScanFacts const facts{"4.8.0", "", "", {}, "", "", "", {}, {}};
    auto bundle = test::keyed_bundle();
    bundle.envelope.payload =
        statement_json({{{"registry.example/shop", image::Digest::of("image")}},
                        std::string(predicate_type::vuln),
                        vuln_predicate(facts, report)});
    auto const json = bundle_json(bundle);
    EXPECT_EQ(bundle_json(bundle), json);
    auto const parsed = parse_bundle(json).value();
    EXPECT_EQ(parsed.envelope, bundle.envelope);
    auto const statement = parse_statement(parsed.envelope.payload).value();
    EXPECT_TRUE(is_about(statement, image::Digest::of("image")));
    EXPECT_TRUE(parse_vuln_predicate(statement.predicate).value().result == report);
}

} // namespace
} // namespace clairgate::attest
