#pragma once

#include <clairgate/report/report.hpp>

#include <string>

namespace clairgate::test {

/// A judged report of one package with one finding of that severity, covered.
inline report::Report sample_report(finding::Severity severity, std::string fixed_version) {
    auto const digest = image::Digest::of("manifest");
    auto const now = SystemTime{std::chrono::seconds(1'700'000'000)};
    finding::Finding finding;
    finding.id = "CVE-2099-0001";
    finding.updater = "debian/updater";
    finding.platform = "linux/amd64";
    finding.package.name = "openssl";
    finding.package.version = "3.0.1";
    finding.package.ecosystem = "debian";
    finding.distribution = "debian 12 (bookworm)";
    finding.severity = severity;
    finding.vendor_severity = severity;
    finding.severity_source = "vendor";
    finding.fixed_version = std::move(fixed_version);
    finding::ScanReport scan;
    scan.platforms.push_back(
        {"linux/amd64",
         digest,
         1,
         1,
         {{"debian", "debian 12 (bookworm)", 1, true, {"debian/updater"}, now}}});
    scan.findings.push_back(std::move(finding));
    scan.scanner.has_updater_facts = true;
    scan.scanner.updaters.push_back({"debian/updater", now, "f", "r"});
    auto const policy = policy::built_in();
    auto verdict = policy::evaluate(policy, scan, {"reg.example/app", now, digest.text()});
    return report::Report{image::Reference::make({"reg.example", "app"}, digest),
                          "application/vnd.oci.image.manifest.v1+json",
                          {},
                          std::move(scan),
                          std::move(verdict),
                          "",
                          policy,
                          "0.0.0",
                          {now, now, {}}};
}

} // namespace clairgate::test
