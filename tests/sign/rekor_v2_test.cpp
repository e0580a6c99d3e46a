#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <sign/log_sample.hpp>
#include <sign/sigstore_peers.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;

json good_entry() {
    return json::parse(test::log_entry(hashedrekord_request(log_sample())));
}

TEST(HashedrekordRequest, HoldsTheDigestOfThePaeTheSignatureAndTheCertificate) {
    auto const request = json::parse(hashedrekord_request(log_sample()));
    auto const pae = "DSSEv1 28 application/vnd.in-toto+json 13 {\"_type\":\"x\"}";
    EXPECT_EQ(request,
              (json{{"hashedRekordRequestV002",
                     {{"digest", to_base64(sha256(pae))},
                      {"signature",
                       {{"content", to_base64("signature bytes")},
                        {"verifier",
                         {{"x509Certificate", {{"rawBytes", to_base64("certificate bytes")}}},
                          {"keyDetails", "PKIX_ECDSA_P256_SHA_256"}}}}}}}}));
}

TEST(EntryOfLog, KeepsTheEntryCompact) {
    auto const pretty = good_entry().dump(4);
    auto const entry = entry_of_log(pretty, log_sample());
    ASSERT_TRUE(entry.has_value()) << entry.error().text();
    EXPECT_EQ(json::parse(*entry), good_entry());
    EXPECT_EQ(entry->find('\n'), std::string::npos);
}

TEST(EntryOfLog, RefusesTheEntryOfAnotherSignature) {
    for (auto const* const patch :
         {R"({"kind":"dsse"})",
          R"({"spec":{"hashedRekordV002":{"data":{"digest":"AAAA"}}}})",
          R"({"spec":{"hashedRekordV002":{"signature":{"content":"AAAA"}}}})"}) {
        auto const entry =
            entry_of_log(with_body(good_entry(), "canonicalizedBody", patch), log_sample());
        ASSERT_FALSE(entry.has_value()) << patch;
        EXPECT_EQ(entry.error().kind(), ErrorKind::integrity) << patch;
    }
}

TEST(EntryOfLog, RefusesABodyThatIsNone) {
    for (auto const* const patch : {R"({"kind":null})",
                                    R"({"spec":null})",
                                    R"({"spec":{"hashedRekordV002":null}})",
                                    R"({"spec":{"hashedRekordV002":{"data":"x"}}})",
                                    R"({"spec":{"hashedRekordV002":{"signature":null}}})"}) {
        auto const entry =
            entry_of_log(with_body(good_entry(), "canonicalizedBody", patch), log_sample());
        ASSERT_FALSE(entry.has_value()) << patch;
        EXPECT_EQ(entry.error().kind(), ErrorKind::protocol) << patch;
    }
}

TEST(EntryOfLog, RefusesWhatVerifiersCouldNotUse) {
    for (auto const* const patch : {R"({"canonicalizedBody":null})",
                                    R"({"canonicalizedBody":"*"})",
                                    R"({"canonicalizedBody":"AAAA"})",
                                    R"({"inclusionProof":null})",
                                    R"({"inclusionProof":{"checkpoint":null}})",
                                    R"({"inclusionProof":{"checkpoint":{"envelope":""}}})"}) {
        auto document = good_entry();
        document.merge_patch(json::parse(patch));
        auto const entry = entry_of_log(document.dump(), log_sample());
        ASSERT_FALSE(entry.has_value()) << patch;
        EXPECT_EQ(entry.error().kind(), ErrorKind::protocol) << patch;
    }
    auto const good = good_entry().dump();
    for (auto const& text : {std::string(),
                             cat("[", good, "]"),
                             good + good,
                             good.substr(0, good.size() - 1),
                             cat(R"({"logIndex":"1",)", good.substr(1)), // a member twice
                             std::string("\"text\"")})
        EXPECT_FALSE(entry_of_log(text, log_sample()).has_value()) << text;
}

} // namespace
} // namespace clairgate::sign
