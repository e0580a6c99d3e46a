#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/sign/pem.hpp>

#include <filesystem>
#include <fstream>
#include <gate/sample_report.hpp>
#include <gate/signed_report.hpp>

namespace clairgate::test {

KeyPair::KeyPair() : key_(sign::PrivateKey::generate().value()) {
    std::ofstream(private_file()) << sign::write_pem("PRIVATE KEY", key_.der().reveal());
    std::filesystem::permissions(
        private_file(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::ofstream(public_file()) << public_key().pem();
}

attest::Bundle KeyPair::sign(std::string statement) const {
    attest::Bundle bundle;
    auto signature = key_.sign(attest::pae(attest::payload_type, statement)).value();
    bundle.envelope = {
        std::move(statement), std::string(attest::payload_type), std::move(signature)};
    bundle.key_hint = public_key().hint();
    return bundle;
}

SystemTime scan_time() {
    return parse_rfc3339("2026-11-24T12:00:00Z").value();
}

image::Reference image_of(image::Digest digest) {
    return image::Reference::make({"reg.example", "app"}, std::move(digest));
}

report::Report report_that(Says const& says) {
    auto const digest = says.image.digest().value();
    auto const severity =
        says.verdict == "block" ? finding::Severity::critical : finding::Severity::low;
    auto report = sample_report(severity, "");
    report.reference = says.image;
    report.context = says.context;
    report.scan.platforms.front().manifest = digest;
    if (says.verdict == "pass")
        report.scan.findings.clear();
    report.run = {says.finished - std::chrono::seconds(9), says.finished, {}};
    auto policy = policy::built_in();
    policy.is_trusted = says.is_trusted;
    policy.scan.enforce.value = says.is_enforced;
    policy::Question const question{says.image.repository().text(), says.finished, digest.text()};
    report.verdict = policy::evaluate(policy, report.scan, question);
    report.policy = std::move(policy);
    if (says.verdict == "undecided") {
        report.verdict.reset();
        report.undecided_reason = "Clair went away";
    }
    return report;
}

attest::ScanFacts facts_of(report::Report const& report) {
    attest::ScanFacts facts;
    facts.scanner_version = "4.9.0";
    facts.started = report.run.started;
    facts.finished = report.run.finished;
    return facts;
}

std::string
statement_of(report::Report const& report, std::string_view type, std::string predicate) {
    if (predicate.empty())
        predicate = attest::vuln_predicate(facts_of(report), report::json_of(report));
    attest::Subject subject{report.reference.repository().text(),
                            report.reference.digest().value()};
    return attest::statement_json({{std::move(subject)}, std::string(type), std::move(predicate)});
}

std::string bundle_of(report::Report const& report, KeyPair const& key) {
    return attest::bundle_json(key.sign(statement_of(report)));
}

std::string envelope_of(report::Report const& report, KeyPair const& key) {
    return attest::envelope_json(key.sign(statement_of(report)).envelope);
}

image::PlatformImage
platform_image(std::string_view platform, image::Digest digest, std::uint64_t size_bytes) {
    auto const type = std::string(image::media_type::oci_manifest);
    image::Descriptor config{
        "application/vnd.oci.image.config.v1+json", image::Digest::of("config"), 6, {}, {}};
    return {image::Platform::parse(platform).value(),
            {type, std::move(digest), std::move(config), {}, {}, size_bytes},
            {}};
}

image::Subject subject_of(report::Report const& report, std::uint64_t size_bytes) {
    auto const digest = report.reference.digest().value();
    return {report.reference,
            digest,
            std::string(image::media_type::oci_manifest),
            {platform_image("linux/amd64", digest, size_bytes)},
            {},
            size_bytes,
            true};
}

} // namespace clairgate::test
