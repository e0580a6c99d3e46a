#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <sign/log_sample.hpp>
#include <sign/sigstore_peers.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;

constexpr auto* uuid = "108e9186e8c5677a";

json good_answer() {
    return json::parse(test::old_log_entry(dsse_request(log_sample())));
}

// The answer after a merge patch of its entry.
std::string patched(std::string const& patch) {
    auto answer = good_answer();
    answer[uuid].merge_patch(json::parse(patch));
    return answer.dump();
}

std::string with_patched_body(std::string const& patch) {
    return json{{uuid, json::parse(with_body(good_answer()[uuid], "body", patch))}}.dump();
}

TEST(DsseRequest, HoldsTheEnvelopeAsTextAndTheCertificate) {
    auto const request = json::parse(dsse_request(log_sample()));
    EXPECT_EQ(request.at("apiVersion"), "0.0.1");
    EXPECT_EQ(request.at("kind"), "dsse");
    auto const& proposed = request.at("spec").at("proposedContent");
    EXPECT_EQ(proposed.at("envelope"), attest::envelope_json(log_sample().envelope));
    EXPECT_EQ(proposed.at("verifiers"),
              json::array({to_base64(cat("-----BEGIN CERTIFICATE-----\n",
                                         to_base64("certificate bytes"),
                                         "\n-----END CERTIFICATE-----\n"))}));
}

TEST(EntryOfOldLog, WritesTheEntryAsBundlesHoldIt) {
    auto const entry = entry_of_old_log(good_answer().dump(), log_sample());
    ASSERT_TRUE(entry.has_value()) << entry.error().text();
    EXPECT_EQ(entry->find('\n'), std::string::npos);
    EXPECT_EQ(json::parse(*entry),
              (json{{"logIndex", "123456789"},
                    {"logId", {{"keyId", "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="}}},
                    {"kindVersion", {{"kind", "dsse"}, {"version", "0.0.1"}}},
                    {"integratedTime", "1764150000"},
                    {"inclusionPromise", {{"signedEntryTimestamp", to_base64("promise")}}},
                    {"inclusionProof",
                     {{"logIndex", "23"},
                      {"rootHash", "3q2+7w=="},
                      {"treeSize", "24"},
                      {"hashes", json::array({"AP8=", "obI="})},
                      {"checkpoint", {{"envelope", "rekor.example - 1\n24\nroot\n"}}}}},
                    {"canonicalizedBody", good_answer()[uuid]["body"]}}));
}

TEST(EntryOfOldLog, RefusesTheEntryOfAnotherSignature) {
    for (auto const* const patch :
         {R"({"kind":"hashedrekord"})",
          R"({"apiVersion":"0.0.2"})",
          R"({"spec":{"payloadHash":{"value":"00"}}})",
          R"({"spec":{"payloadHash":{"algorithm":"sha512"}}})",
          R"({"spec":{"envelopeHash":{"value":"00"}}})",
          R"({"spec":{"signatures":[{"signature":"AAAA","verifier":"AAAA"}]}})"}) {
        auto const entry = entry_of_old_log(with_patched_body(patch), log_sample());
        ASSERT_FALSE(entry.has_value()) << patch;
        EXPECT_EQ(entry.error().kind(), ErrorKind::integrity) << patch;
    }
}

TEST(EntryOfOldLog, RefusesWhatIsNoEntry) {
    for (auto const& text : {patched(R"({"body":null})"),
                             patched(R"({"body":"*"})"),
                             patched(R"({"integratedTime":-1})"),
                             patched(R"({"integratedTime":"1764150000"})"),
                             patched(R"({"logIndex":1.5})"),
                             patched(R"({"logID":"abc"})"),
                             patched(R"({"logID":"zz"})"),
                             patched(R"({"logID":""})"),
                             patched(R"({"verification":null})"),
                             patched(R"({"verification":{"signedEntryTimestamp":null}})"),
                             patched(R"({"verification":{"signedEntryTimestamp":"*"}})"),
                             patched(R"({"verification":{"inclusionProof":null}})"),
                             patched(R"({"verification":{"inclusionProof":{"hashes":[7]}}})"),
                             patched(R"({"verification":{"inclusionProof":{"hashes":["x"]}}})"),
                             patched(R"({"verification":{"inclusionProof":{"checkpoint":7}}})"),
                             with_patched_body(R"({"spec":null})"),
                             with_patched_body(R"({"spec":{"payloadHash":null}})"),
                             with_patched_body(R"({"spec":{"signatures":[]}})"),
                             with_patched_body(R"({"spec":{"signatures":["x"]}})"),
                             std::string("{}"),
                             std::string("[]"),
                             std::string("x"),
                             std::string(R"({"uuid":"entry"})"),
                             cat(R"({"first":{},)", good_answer().dump().substr(1))}) {
        auto const entry = entry_of_old_log(text, log_sample());
        ASSERT_FALSE(entry.has_value()) << text;
        EXPECT_EQ(entry.error().kind(), ErrorKind::protocol) << text;
    }
}

TEST(CheckOldLogSize, RefusesAnEnvelopeBeyondOneMebibyte) {
    auto envelope = log_sample().envelope;
    EXPECT_TRUE(check_old_log_size(envelope).has_value());
    envelope.payload.assign(limits::mib / 4 * 3 - 1024, 'x');
    EXPECT_TRUE(check_old_log_size(envelope).has_value());
    envelope.payload.assign(limits::mib / 4 * 3, 'x');
    auto const refused = check_old_log_size(envelope);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::limit);
    EXPECT_NE(refused.error().remedy().find("Rekor v2"), std::string::npos);
}

} // namespace
} // namespace clairgate::sign
