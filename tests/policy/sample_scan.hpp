#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/verdict.hpp>

#include <string>
#include <utility>

/// Scans and policies that tests of policy and report start from.
namespace clairgate::sample {

inline SystemTime time(char const* rfc3339) {
    return parse_rfc3339(rfc3339).value();
}

inline SystemTime now() {
    return time("2026-11-24T12:00:00Z");
}

inline finding::EcosystemCoverage debian(std::size_t packages = 88) {
    return {"debian",
            "debian 12 (bookworm)",
            packages,
            true,
            {"debian/updater"},
            time("2026-11-24T06:00:00Z")};
}

inline finding::EcosystemCoverage pypi(std::size_t packages = 12) {
    return {"pypi", "", packages, true, {"osv/pypi"}, time("2026-11-20T06:00:00Z")};
}

inline finding::PlatformScan platform(std::vector<finding::EcosystemCoverage> ecosystems) {
    std::size_t packages = 0;
    for (auto const& ecosystem : ecosystems)
        packages += ecosystem.packages;
    return {"linux/amd64", image::Digest::of("manifest"), packages, 3, std::move(ecosystems)};
}

inline finding::Finding finding(finding::Severity severity, std::string fixed_version = {}) {
    finding::Finding out;
    out.id = "CVE-2024-0001";
    out.updater = "debian/updater";
    out.platform = "linux/amd64";
    out.package.name = "openssl";
    out.package.version = "3.0.11-1~deb12u1";
    out.package.kind = "binary";
    out.package.ecosystem = "debian";
    out.distribution = "debian 12 (bookworm)";
    out.severity = severity;
    out.severity_source = "vendor";
    out.vendor_severity = severity;
    out.fixed_version = std::move(fixed_version);
    return out;
}

/// A covered scan of one platform with these findings.
inline finding::ScanReport scan(std::vector<finding::Finding> findings = {}) {
    finding::ScanReport out;
    out.platforms.push_back(platform({debian()}));
    out.findings = std::move(findings);
    out.scanner.has_updater_facts = true;
    return out;
}

inline policy::Policy policy(std::string text) {
    return policy::load({{"global.toml", "schema = 1\n" + std::move(text)}}).value();
}

inline policy::Question question() {
    return {"registry.example/team/app", now()};
}

/// A verdict on a scan of registry.example/team/app.
inline policy::Verdict
judge(policy::Policy const& policy, finding::ScanReport const& scan, SystemTime at = now()) {
    return policy::evaluate(policy, scan, {"registry.example/team/app", at});
}

/// The decision on one finding, in words.
inline policy::Explanation explained(policy::Policy const& policy,
                                     finding::Finding const& finding) {
    auto const verdict = judge(policy, scan({finding}));
    return policy::explain(policy, finding, verdict.decisions().front());
}

} // namespace clairgate::sample
