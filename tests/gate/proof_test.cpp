#include <clairgate/base/text.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <gate/signed_report.hpp>
#include <set>

namespace clairgate::gate {
namespace {

using registry::EvidenceForm;
using test::KeyPair;
using test::report_that;
using test::statement_of;

Demand demand_for(report::Report const& report) {
    return {report.reference.digest().value(), {}, false};
}

// The layer that refuses, or nothing.
std::optional<ProofLayer> layer_of(std::string_view payload, Demand const& demand) {
    auto const proven = prove_report(payload, demand, "here");
    return proven.has_value() ? std::nullopt : std::optional(proven.error().layer);
}

std::optional<ProofLayer>
layer_of(EvidenceForm form, std::string_view bytes, sign::PublicKey const& key) {
    auto const proven = prove_signature(form, bytes, key);
    return proven.has_value() ? std::nullopt : std::optional(proven.error().layer);
}

TEST(ProveSignature, TakesEitherFormOfTheRightKeyAlone) {
    KeyPair const key;
    KeyPair const other;
    auto const report = report_that({});
    auto const payload = statement_of(report);
    auto const bundle = test::bundle_of(report, key);
    auto const envelope = test::envelope_of(report, key);
    for (auto const& [form, bytes] :
         {std::pair(EvidenceForm::bundle, bundle), std::pair(EvidenceForm::envelope, envelope)}) {
        auto const proven = prove_signature(form, bytes, key.public_key());
        ASSERT_TRUE(proven.has_value()) << proven.error().why;
        EXPECT_EQ(proven->payload, payload);
        EXPECT_EQ(layer_of(form, bytes, other.public_key()), ProofLayer::signature);
    }
    // One form is not the other.
    EXPECT_EQ(layer_of(EvidenceForm::bundle, envelope, key.public_key()), ProofLayer::form);
    EXPECT_EQ(layer_of(EvidenceForm::envelope, bundle, key.public_key()), ProofLayer::form);
}

TEST(ProveSignature, RefusesAnotherPayloadUnderTheSameSignature) {
    KeyPair const key;
    auto bundle = key.sign(statement_of(report_that({.verdict = "block"})));
    bundle.envelope.payload = statement_of(report_that({.verdict = "pass"}));
    EXPECT_EQ(layer_of(EvidenceForm::bundle, attest::bundle_json(bundle), key.public_key()),
              ProofLayer::signature);
    EXPECT_EQ(
        layer_of(EvidenceForm::envelope, attest::envelope_json(bundle.envelope), key.public_key()),
        ProofLayer::signature);
}

TEST(ProveSignature, IsNotAKeysWhereACertificateSigned) {
    KeyPair const key;
    auto bundle = key.sign(statement_of(report_that({})));
    bundle.key_hint.reset();
    bundle.certificate = "0"; // whoever it is for, though the key did sign
    EXPECT_EQ(layer_of(EvidenceForm::bundle, attest::bundle_json(bundle), key.public_key()),
              ProofLayer::signature);
}

TEST(ProveSignature, RefusesWhatHasNoForm) {
    KeyPair const key;
    auto const envelope = test::envelope_of(report_that({}), key);
    auto other_type = key.sign(statement_of(report_that({}))).envelope;
    other_type.payload_type = "text/plain";
    for (auto const& bytes : {std::string(),
                              std::string("{}"),
                              std::string("nothing"),
                              envelope + envelope,
                              envelope.substr(0, envelope.size() - 1),
                              attest::envelope_json(other_type)})
        for (auto const form : {EvidenceForm::bundle, EvidenceForm::envelope})
            EXPECT_EQ(layer_of(form, bytes, key.public_key()), ProofLayer::form) << bytes;
}

TEST(ProveReport, GivesWhatWasSigned) {
    auto const report = report_that(
        {.verdict = "block", .context = {{"application", "shop"}}, .is_trusted = false});
    auto const proven = prove_report(statement_of(report), demand_for(report), "here");
    ASSERT_TRUE(proven.has_value()) << proven.error().why;
    EXPECT_EQ(proven->report_json, report::json_of(report));
    EXPECT_EQ(proven->stored.verdict, "block");
    EXPECT_FALSE(proven->stored.is_policy_trusted);
    EXPECT_EQ(proven->finished, report.run.finished);
    EXPECT_EQ(proven->where, "here");
}

TEST(ProveReport, RefusesWhatIsNoStatement) {
    auto const report = report_that({});
    auto const demand = demand_for(report);
    auto const good = statement_of(report);
    auto unknown = good;
    unknown.insert(1, R"("also":1,)");
    auto type = good;
    type.replace(type.find("Statement/v1"), 12, "Statement/v9");
    for (auto const& payload : {std::string("{}"),
                                std::string(),
                                unknown,
                                type,
                                report::json_of(report),
                                good + "{}",
                                statement_of(report, attest::predicate_type::vuln, "[]")})
        EXPECT_EQ(layer_of(payload, demand), ProofLayer::statement) << payload.substr(0, 90);
}

TEST(ProveReport, RefusesAnotherSubject) {
    auto const report = report_that({});
    Demand const other{image::Digest::of("other"), {}, false};
    auto const refused = prove_report(statement_of(report), other, "here");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().layer, ProofLayer::subject);
    EXPECT_NE(refused.error().why.find(image::Digest::of("other").text()), std::string::npos);
    EXPECT_NE(refused.error().why.find(image::Digest::of("manifest").text()), std::string::npos);
}

TEST(ProveReport, RefusesASwappedPredicateType) {
    auto const report = report_that({});
    for (auto const type : {attest::predicate_type::vulns,
                            attest::predicate_type::summary,
                            attest::predicate_type::signature,
                            std::string_view("https://cosign.sigstore.dev/attestation/vuln/v2"),
                            std::string_view("")})
        EXPECT_EQ(layer_of(statement_of(report, type), demand_for(report)),
                  type.empty() ? ProofLayer::statement : ProofLayer::type)
            << type;
}

TEST(ProveReport, RefusesAReportThatIsNoneOrAboutAnotherImage) {
    auto const report = report_that({});
    auto const other = report_that({.image = test::image_of(image::Digest::of("other"))});
    auto const facts = test::facts_of(report);
    for (auto const& predicate :
         {std::string("{}"),
          std::string(R"({"scanner":{}})"),
          attest::vuln_predicate(facts, "{}"),
          attest::vuln_predicate(facts, R"({"schema":"clairgate/report/v9"})"),
          attest::vuln_predicate(facts, report::json_of(other))})
        EXPECT_EQ(layer_of(statement_of(report, attest::predicate_type::vuln, predicate),
                           demand_for(report)),
                  ProofLayer::report)
            << predicate.substr(0, 90);
    auto const about_other = statement_of(report,
                                          attest::predicate_type::vuln,
                                          attest::vuln_predicate(facts, report::json_of(other)));
    auto const refused = prove_report(about_other, demand_for(report), "here");
    EXPECT_NE(refused.error().why.find(other.reference.text()), std::string::npos);
}

TEST(ProveReport, RefusesTimesThatDisagree) {
    auto const report = report_that({});
    auto facts = test::facts_of(report);
    auto const with = [&](std::string const& predicate) {
        return layer_of(statement_of(report, attest::predicate_type::vuln, predicate),
                        demand_for(report));
    };
    facts.finished += std::chrono::seconds(1); // fresher than the report inside
    EXPECT_EQ(with(attest::vuln_predicate(facts, report::json_of(report))), ProofLayer::report);
    facts.finished -= std::chrono::seconds(2);
    EXPECT_EQ(with(attest::vuln_predicate(facts, report::json_of(report))), ProofLayer::report);
    EXPECT_EQ(with(cat(R"({"scanner":{"result":)", report::json_of(report), "}}")),
              ProofLayer::report);
}

TEST(ProveReport, NamesTheFirstLayerOfSeveral) {
    auto const report = report_that({});
    Demand const other{image::Digest::of("other"), {{"application", "shop"}}, true};
    EXPECT_EQ(layer_of(statement_of(report, attest::predicate_type::summary, "{}"), other),
              ProofLayer::subject);
    EXPECT_EQ(
        layer_of(statement_of(report, attest::predicate_type::summary, "{}"), demand_for(report)),
        ProofLayer::type);
    EXPECT_LT(ProofLayer::form, ProofLayer::signature);
    EXPECT_LT(ProofLayer::signature, ProofLayer::statement);
    EXPECT_LT(ProofLayer::statement, ProofLayer::subject);
    EXPECT_LT(ProofLayer::subject, ProofLayer::type);
    EXPECT_LT(ProofLayer::type, ProofLayer::report);
    EXPECT_LT(ProofLayer::report, ProofLayer::context);
    EXPECT_LT(ProofLayer::context, ProofLayer::time);
    std::set<std::string_view> words;
    for (int layer = 0; layer <= static_cast<int>(ProofLayer::time); ++layer)
        words.insert(word_of(static_cast<ProofLayer>(layer)));
    EXPECT_EQ(words.size(), 8U);
}

TEST(ProveReport, AsksForTheContextOnlyWhereItCounts) {
    auto const report = report_that({.context = {{"environment", "production"}}});
    auto const payload = statement_of(report);
    Demand demand{report.reference.digest().value(), {{"environment", "production"}}, true};
    EXPECT_EQ(layer_of(payload, demand), std::nullopt);
    for (std::map<std::string, std::string> const& context :
         {std::map<std::string, std::string>{},
          {{"environment", "test"}},
          {{"application", "production"}},
          {{"application", "shop"}, {"environment", "production"}}}) {
        demand = {report.reference.digest().value(), context, true};
        EXPECT_EQ(layer_of(payload, demand), ProofLayer::context);
        demand.is_context_asked = false;
        EXPECT_EQ(layer_of(payload, demand), std::nullopt);
    }
}

TEST(ProveReport, IsAboutAPlatformOfTheIndexToo) {
    auto report = report_that({.image = test::image_of(image::Digest::of("index"))});
    report.scan.platforms.front().manifest = image::Digest::of("amd64");
    auto const payload = attest::statement_json(
        {{{"reg.example/app", image::Digest::of("index")},
          {"reg.example/app", image::Digest::of("amd64")},
          {"reg.example/app", image::Digest::of("arm64")}},
         std::string(attest::predicate_type::vuln),
         attest::vuln_predicate(test::facts_of(report), report::json_of(report))});
    EXPECT_EQ(layer_of(payload, {image::Digest::of("index"), {}, false}), std::nullopt);
    EXPECT_EQ(layer_of(payload, {image::Digest::of("amd64"), {}, false}), std::nullopt);
    // Named by the statement, but nothing in the report was scanned of it.
    EXPECT_EQ(layer_of(payload, {image::Digest::of("arm64"), {}, false}), ProofLayer::report);
}

TEST(ProveUnsignedReport, ChecksTheContentsAlike) {
    auto const report = report_that({.verdict = "warn", .context = {{"application", "shop"}}});
    auto const json = report::json_of(report);
    auto const proven = prove_unsigned_report(json, demand_for(report), "plain.json");
    ASSERT_TRUE(proven.has_value()) << proven.error().why;
    EXPECT_EQ(proven->stored.verdict, "warn");
    EXPECT_EQ(proven->where, "plain.json");
    Demand demand{image::Digest::of("other"), {}, false};
    EXPECT_EQ(prove_unsigned_report(json, demand, "").error().layer, ProofLayer::report);
    demand = {report.reference.digest().value(), {{"application", "till"}}, true};
    EXPECT_EQ(prove_unsigned_report(json, demand, "").error().layer, ProofLayer::context);
    EXPECT_EQ(prove_unsigned_report("{}", demand, "").error().layer, ProofLayer::report);
}

} // namespace
} // namespace clairgate::gate
