// Thousands of broken bundles: none crashes, none gives an envelope that its bytes do not say.
#include "attest/mutations.hpp"
#include "attest/sample_bundle.hpp"
#include <clairgate/attest/statement.hpp>
#include <clairgate/base/bytes.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::attest {
namespace {

// What another reader takes from the document.
Envelope envelope_of(nlohmann::json const& bundle) {
    auto const bytes = [](std::string base64) {
        std::replace(base64.begin(), base64.end(), '-', '+');
        std::replace(base64.begin(), base64.end(), '_', '/');
        base64.append((4 - base64.size() % 4) % 4, '=');
        return from_base64(base64).value();
    };
    auto const& envelope = bundle.at("dsseEnvelope");
    return {bytes(envelope.at("payload")),
            envelope.at("payloadType"),
            bytes(envelope.at("signatures").at(0).at("sig"))};
}

struct Outcome {
    int accepted = 0;
    int changed = 0; ///< accepted with another envelope, which the bytes say
};

Outcome read_mutations(Bundle const& original, unsigned seed, int rounds) {
    auto const json = bundle_json(original);
    test::Mutator mutate(seed, "{}[]:,\"\\ \n0=Aa+/-_uU\xC3\xA9\xFF\x01");
    Outcome out;
    for (int round = 0; round < rounds; ++round) {
        auto const broken = mutate(json);
        auto const parsed = parse_bundle(broken);
        if (!parsed.has_value()) {
            EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol) << broken;
            EXPECT_FALSE(parsed.error().message().empty());
            continue;
        }
        auto const other = nlohmann::json::parse(broken, nullptr, false);
        EXPECT_FALSE(other.is_discarded()) << broken;
        if (other.is_discarded())
            continue;
        EXPECT_EQ(parsed->envelope, envelope_of(other)) << broken;
        EXPECT_EQ(other.at("dsseEnvelope").at("signatures").size(), 1U);
        ++out.accepted;
        out.changed += parsed->envelope == original.envelope ? 0 : 1;
    }
    return out;
}

TEST(BundleMutation, GivesNoEnvelopeThatTheBytesDoNotSay) {
    for (unsigned const seed : {1U, 2U}) {
        auto const outcome =
            read_mutations(seed == 1 ? test::keyed_bundle() : test::keyless_bundle(), seed, 6'000);
        EXPECT_GT(outcome.accepted, 50); // else the test shows nothing
        EXPECT_GT(outcome.changed, 0);
        EXPECT_LT(outcome.accepted, 3'000);
    }
}

TEST(StatementMutation, GivesNoDigestThatTheBytesDoNotSay) {
    Statement const original{{{"registry.example/shop", image::Digest::of("a")},
                              {"registry.example/shop", image::Digest::of("b")}},
                             "https://example.org/type",
                             R"({"a": [1, {"b": "\u00e9"}]})"};
    auto const json = statement_json(original);
    test::Mutator mutate(3, "{}[]:,\"\\ \n09afAFx\xFF");
    int accepted = 0;
    for (int round = 0; round < 6'000; ++round) {
        auto const broken = mutate(json);
        auto const parsed = parse_statement(broken);
        if (!parsed.has_value()) {
            EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol) << broken;
            continue;
        }
        ++accepted;
        auto const other = nlohmann::json::parse(broken, nullptr, false);
        ASSERT_FALSE(other.is_discarded()) << broken;
        ASSERT_EQ(other.at("subject").size(), parsed->subjects.size());
        for (std::size_t i = 0; i < parsed->subjects.size(); ++i)
            EXPECT_EQ(other.at("subject").at(i).at("digest").at("sha256").get<std::string>(),
                      parsed->subjects[i].digest.hex());
        EXPECT_EQ(other.at("predicateType").get<std::string>(), parsed->predicate_type);
        EXPECT_EQ(other.at("predicate"), nlohmann::json::parse(parsed->predicate));
    }
    EXPECT_GT(accepted, 50);
}

} // namespace
} // namespace clairgate::attest
