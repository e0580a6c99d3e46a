#include <clairgate/base/text.hpp>
#include <clairgate/gate/proof.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <gate/evidence_scene.hpp>
#include <sign/openssl_peer.hpp>

namespace clairgate::gate {
namespace {

namespace type = attest::predicate_type;
using image::Digest;
using registry::EvidenceForm;
using std::chrono::seconds;
using test::KeyPair;
using test::report_that;
using test::scan_time;
using test::statement_of;

registry::Evidence evidence(std::string bytes, EvidenceForm form = EvidenceForm::bundle) {
    auto const digest = Digest::of(bytes);
    return {form, std::move(bytes), digest, digest, "", {}};
}

registry::Evidence signed_with(KeyPair const& key, std::string statement) {
    return evidence(attest::bundle_json(key.sign(std::move(statement))));
}

// What replaces everything older of its kind.
Replacement by(KeyPair const& key, std::string_view predicate_type = type::vuln) {
    return {key.public_key(), Digest::of("manifest"), std::string(predicate_type), {}, scan_time()};
}

TEST(IsReplaced, IsAnOlderReportOfOurs) {
    KeyPair const key;
    auto const older = report_that({.finished = scan_time() - seconds(1)});
    EXPECT_TRUE(is_replaced(evidence(test::bundle_of(older, key)), by(key)));
    EXPECT_TRUE(
        is_replaced(evidence(test::envelope_of(older, key), EvidenceForm::envelope), by(key)));
    EXPECT_FALSE(is_replaced(evidence(test::bundle_of(report_that({}), key)), by(key)));
    auto const newer = report_that({.finished = scan_time() + seconds(1)});
    EXPECT_FALSE(is_replaced(evidence(test::bundle_of(newer, key)), by(key)));
}

TEST(IsReplaced, IsNothingThatIsNotProven) {
    KeyPair const key;
    auto const older = report_that({.finished = scan_time() - seconds(1)});
    EXPECT_FALSE(is_replaced(evidence(test::bundle_of(older, KeyPair())), by(key)));
    EXPECT_FALSE(is_replaced(evidence("{}"), by(key)));
    EXPECT_FALSE(is_replaced(evidence(test::envelope_of(older, key)), by(key))); // another form
    auto keyless = key.sign(statement_of(older));
    keyless.key_hint.reset();
    keyless.certificate = "0";
    EXPECT_FALSE(is_replaced(evidence(attest::bundle_json(keyless)), by(key)));
    EXPECT_FALSE(is_replaced(signed_with(key, "{}"), by(key)));
    EXPECT_FALSE(is_replaced(signed_with(key, statement_of(older, type::vuln, "{}")), by(key)));
}

TEST(IsReplaced, IsOfTheSameSubjectTypeAndContext) {
    KeyPair const key;
    auto const older = report_that(
        {.finished = scan_time() - seconds(1), .context = {{"environment", "production"}}});
    auto const there = evidence(test::bundle_of(older, key));
    auto replacement = by(key);
    EXPECT_FALSE(is_replaced(there, replacement)); // made for no context
    replacement.context = {{"environment", "test"}};
    EXPECT_FALSE(is_replaced(there, replacement));
    replacement.context = older.context;
    EXPECT_TRUE(is_replaced(there, replacement));
    replacement.digest = Digest::of("other");
    EXPECT_FALSE(is_replaced(there, replacement));
    for (auto const other : {type::vulns, type::summary, type::signature}) {
        replacement = by(key, other);
        replacement.context = older.context;
        EXPECT_FALSE(is_replaced(there, replacement));
    }
}

TEST(IsReplaced, IsAnOlderSummaryOfTheSamePolicy) {
    KeyPair const key;
    auto const report = report_that({.finished = scan_time() - seconds(1)});
    auto const made = [&](attest::VerificationSummary const& summary) {
        return signed_with(key,
                           statement_of(report, type::summary, attest::summary_predicate(summary)));
    };
    auto summary = summary_of_report(report, "statement");
    EXPECT_TRUE(is_replaced(made(summary), by(key, type::summary)));
    EXPECT_FALSE(is_replaced(made(summary), by(key))); // which is about reports
    auto elsewhere = by(key, type::summary);
    elsewhere.context = {{"environment", "test"}};
    EXPECT_FALSE(is_replaced(made(summary), elsewhere));
    summary.verified = scan_time();
    EXPECT_FALSE(is_replaced(made(summary), by(key, type::summary)));
    summary.verified -= seconds(1);
    summary.verifier_id = "https://other.example/verifier";
    EXPECT_FALSE(is_replaced(made(summary), by(key, type::summary)));
}

TEST(IsReplaced, IsAnOlderListOfVulnerabilities) {
    KeyPair const key;
    auto const made = [&](SystemTime finished) {
        auto const report = report_that({.finished = finished});
        auto predicate = attest::vulns_predicate(test::facts_of(report), report.scan);
        return signed_with(key, statement_of(report, type::vulns, std::move(predicate)));
    };
    EXPECT_TRUE(is_replaced(made(scan_time() - seconds(1)), by(key, type::vulns)));
    EXPECT_FALSE(is_replaced(made(scan_time()), by(key, type::vulns)));
    // Nobody said what replaces a type that is not ours.
    auto const signature = signed_with(key, statement_of(report_that({}), type::signature, "{}"));
    EXPECT_FALSE(is_replaced(signature, by(key, type::signature)));
}

// A person to whom certificates are given, each for another key.
attest::Bundle keyless(std::string statement, std::string const& name) {
    sign::OpenSslPeer peer;
    auto const pem = peer.p256();
    peer.write("key.pem", pem.reveal());
    (void)peer.run({"req",
                    "-x509",
                    "-key",
                    peer.path("key.pem").string(),
                    "-subj",
                    "/CN=test",
                    "-addext",
                    cat("subjectAltName=email:", name),
                    "-addext",
                    "1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:https://issuer.example",
                    "-outform",
                    "DER",
                    "-out",
                    peer.path("certificate.der").string()});
    auto const key = sign::PrivateKey::from_pem(pem).value();
    attest::Bundle bundle;
    auto signature = key.sign(attest::pae(attest::payload_type, statement)).value();
    bundle.envelope = {
        std::move(statement), std::string(attest::payload_type), std::move(signature)};
    bundle.certificate = peer.read("certificate.der");
    return bundle;
}

TEST(IsReplaced, IsOfTheSameIdentityWhereNoKeyIsKnown) {
    auto const older = statement_of(report_that({.finished = scan_time() - seconds(1)}));
    auto const there = keyless(older, "a@example.org");
    auto replacement = by(KeyPair());
    replacement.key.reset();
    auto const piece = evidence(attest::bundle_json(there));
    EXPECT_FALSE(is_replaced(piece, replacement)); // nothing tells whose it is
    replacement.certificate = keyless(older, "a@example.org").certificate;
    EXPECT_TRUE(is_replaced(piece, replacement));
    replacement.certificate = keyless(older, "b@example.org").certificate;
    EXPECT_FALSE(is_replaced(piece, replacement));
    replacement.certificate = there.certificate;
    EXPECT_FALSE(is_replaced(signed_with(KeyPair(), older), replacement));
    auto forged = KeyPair().sign(older); // with a certificate that is not its own
    forged.key_hint.reset();
    forged.certificate = there.certificate;
    EXPECT_FALSE(is_replaced(evidence(attest::bundle_json(forged)), replacement));
    replacement.finished = scan_time() - seconds(1);
    EXPECT_FALSE(is_replaced(piece, replacement));
}

// How many pieces beside a digest are of this form and prove that they are about it.
std::size_t proven(test::EvidenceScene& scene, Digest const& digest, EvidenceForm form) {
    auto const all = scene.beside(digest);
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto const& one) {
        auto const envelope = prove_signature(one.form, one.bytes, scene.key.public_key());
        if (one.form != form || !envelope.has_value())
            return false;
        return attest::is_about(attest::parse_statement(envelope->payload).value(), digest);
    }));
}

TEST(AttachReport, PutsBothFormsBesideEverySubject) {
    test::EvidenceScene scene;
    auto const report = scene.report({});
    auto subject = test::subject_of(report, scene.setting.image.size_bytes);
    auto const child = scene.setting.registry.put_image("linux", "arm64");
    subject.platforms = {test::platform_image("linux/arm64", child.digest, child.size_bytes)};
    subject.media_type = image::media_type::oci_index;
    SigningChoice choice;
    choice.key = scene.key.private_file();
    auto& world = scene.setting.world;
    auto const deadline = scene.setting.deadline();
    auto notary = world.run(Notary::make(world.world, choice, deadline)).value();
    auto const made = world.run(sign_report(notary, report, subject, {}, true, deadline)).value();
    AttachChoice attach{Storage::both, scene.key.public_key()};
    auto const attached = world.run(
        attach_report(world.world, {}, subject, report, made, std::move(attach), deadline));
    ASSERT_TRUE(attached.has_value()) << attached.error().text();
    ASSERT_EQ(attached->size(), 2U);
    for (auto const& one : *attached)
        EXPECT_EQ(one.places.size(), 4U) << "three bundles and the tag";
    for (auto const& digest : {subject.digest, child.digest})
        for (auto const form : {EvidenceForm::bundle, EvidenceForm::envelope})
            EXPECT_EQ(proven(scene, digest, form), 3U);
}

TEST(AttachReport, PutsTheFormThatWasChosen) {
    test::EvidenceScene bundles;
    auto const report = bundles.report({});
    ASSERT_TRUE(bundles.attach(report, bundles.key, Storage::bundle).has_value());
    auto const& digest = bundles.setting.image.digest;
    EXPECT_EQ(proven(bundles, digest, EvidenceForm::bundle), 2U);
    EXPECT_EQ(bundles.setting.referrers.tagged(bundles.setting.attestations()), "");
    test::EvidenceScene envelopes;
    ASSERT_TRUE(
        envelopes.attach(envelopes.report({}), envelopes.key, Storage::envelope).has_value());
    EXPECT_EQ(proven(envelopes, envelopes.setting.image.digest, EvidenceForm::bundle), 0U);
    EXPECT_EQ(proven(envelopes, envelopes.setting.image.digest, EvidenceForm::envelope), 2U);
}

TEST(AttachReport, PutsNoEnvelopeWhereTheCertificateWouldBeMissing) {
    test::EvidenceScene scene;
    auto const report = scene.report({});
    auto made = scene.sign(report, scene.key);
    for (auto& one : made.statements) {
        one.bundle.key_hint.reset();
        one.bundle.certificate = "0";
    }
    auto& world = scene.setting.world;
    auto const subject = test::subject_of(report, scene.setting.image.size_bytes);
    AttachChoice choice{Storage::envelope, std::nullopt};
    auto const attached = world.run(attach_report(
        world.world, {}, subject, report, made, std::move(choice), scene.setting.deadline()));
    ASSERT_TRUE(attached.has_value()) << attached.error().text();
    EXPECT_EQ(scene.beside(subject.digest).size(), 2U);
    EXPECT_EQ(scene.setting.referrers.tagged(scene.setting.attestations()), "");
}

TEST(AttachReport, ReplacesWhatIsOlderOfOursAlone) {
    test::EvidenceScene scene;
    KeyPair const other;
    auto const old = scene.report({.finished = scan_time() - seconds(60)});
    auto const elsewhere =
        scene.report({.finished = scan_time() - seconds(60), .context = {{"environment", "test"}}});
    ASSERT_TRUE(scene.attach(old, scene.key).has_value());
    ASSERT_TRUE(scene.attach(elsewhere, scene.key).has_value());
    ASSERT_TRUE(scene.attach(old, other).has_value());
    auto const& digest = scene.setting.image.digest;
    EXPECT_EQ(scene.beside(digest).size(), 12U);
    auto const attached = scene.attach(scene.report({}), scene.key);
    ASSERT_TRUE(attached.has_value()) << attached.error().text();
    std::size_t pruned = 0;
    for (auto const& one : *attached)
        pruned += one.pruned;
    EXPECT_EQ(pruned, 4U); // a report and a summary, in two forms
    EXPECT_EQ(scene.beside(digest).size(), 12U);
    // An older one replaces nothing.
    ASSERT_TRUE(scene.attach(old, scene.key).has_value());
    EXPECT_EQ(scene.beside(digest).size(), 16U);
}

TEST(AttachReport, NamesTheSubjectThatIsRefused) {
    test::EvidenceScene scene;
    scene.setting.referrers.before = [](test::Received const& received) {
        return received.method == "POST" ? std::optional(test::Answer::json(403, "{}"))
                                         : std::nullopt;
    };
    auto const refused = scene.attach(scene.report({}), scene.key);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    EXPECT_NE(refused.error().text().find(scene.image().text()), std::string::npos)
        << refused.error().text();
}

} // namespace
} // namespace clairgate::gate
