#pragma once

#include "policy/sample_scan.hpp"
#include <clairgate/report/report.hpp>

#include <string>
#include <utility>

/// Reports that tests render: real names and versions, made-up findings.
namespace clairgate::sample {

inline finding::Finding vulnerable(std::string id,
                                   std::string package,
                                   std::string version,
                                   finding::Severity severity,
                                   std::string fixed_version = {}) {
    auto out = finding(severity, std::move(fixed_version));
    out.id = std::move(id);
    out.package.name = std::move(package);
    out.package.version = std::move(version);
    return out;
}

inline std::vector<finding::Finding> findings() {
    using finding::Severity;
    auto critical = vulnerable("CVE-2099-0003", "zlib1g", "1:1.2.13.dfsg-1", Severity::critical);
    critical.severity_source = "cvss";
    critical.vendor_severity = Severity::unknown;
    critical.vendor_severity_word = "Unknown";
    critical.cvss = {{"3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
                     {"2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5}};
    auto high = vulnerable(
        "CVE-2099-0001", "libssl3", "3.0.11-1~deb12u1", Severity::high, "3.0.17-1~deb12u2");
    high.package.source_name = "openssl";
    high.package.source_version = "3.0.11-1~deb12u1";
    high.package.architecture = "amd64";
    high.package.purl = "pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12";
    high.aliases = {"DSA-5000-1", "GHSA-aaaa-bbbb-cccc"};
    high.vendor_severity_word = "High";
    high.layer = image::Digest::of("layer");
    high.published = time("2026-02-03T04:05:06Z");
    high.description = "A \"quoted\" text\nof two lines, with naïve 漢字.";
    high.links = {"https://example.org/CVE-2099-0001"};
    auto same = high;
    same.package.name = "openssl";
    auto low = vulnerable("CVE-2099-0002", "perl-base", "5.36.0-7+deb12u1", Severity::low);
    auto unknown = vulnerable("CVE-2099-0004", "requests", "2.28.1", Severity::unknown, "2.31.0");
    unknown.package.ecosystem = "pypi";
    unknown.distribution.clear();
    unknown.updater = "osv/pypi";
    std::vector<finding::Finding> all{critical, high, same, low, unknown};
    finding::normalise(all);
    return all;
}

inline report::Report report_of(finding::ScanReport scan, policy::Policy policy) {
    policy::Question const question{
        "registry.example/team/shop", now(), image::Digest::of("index").text()};
    auto verdict = policy::evaluate(policy, scan, question);
    return {
        image::Reference::parse("registry.example/team/shop@" + image::Digest::of("index").text())
            .value(),
        "application/vnd.oci.image.manifest.v1+json",
        {},
        std::move(scan),
        std::move(verdict),
        {},
        std::move(policy),
        "0.1.0",
        {now(), now() + std::chrono::seconds(3), {{"scan", Duration(850)}, {"wait", {}}}}};
}

/// Blocks, warns and allows under the built-in policy or another.
inline report::Report report(policy::Policy policy = policy::built_in()) {
    auto out = scan(findings());
    out.platforms = {platform({debian(), pypi()})};
    out.scanner.version = "4.9.0";
    out.scanner.index_state = "0123456789abcdef";
    out.scanner.updaters = {{"debian/updater", time("2026-11-24T06:00:00Z"), "etag", "ref-1"},
                            {"osv/pypi", time("2026-11-20T06:00:00Z"), "", "ref-2"}};
    return report_of(std::move(out), std::move(policy));
}

/// Two platforms that share a finding, the second only partly covered.
inline report::Report report_of_two_platforms(policy::Policy policy = policy::built_in()) {
    auto out = report(policy).scan;
    auto second = platform({debian(70), {"arch", "arch rolling", 3, false, {}, std::nullopt}});
    second.platform = "linux/arm64";
    second.manifest = image::Digest::of("second");
    out.platforms.push_back(second);
    auto everywhere = out.findings.front();
    everywhere.platform = "linux/arm64";
    out.findings.push_back(everywhere);
    auto only_there =
        vulnerable("CVE-2099-0009", "libc6", "2.36-9", finding::Severity::medium, "2.36-9+deb12u9");
    only_there.platform = "linux/arm64";
    out.findings.push_back(only_there);
    finding::normalise(out.findings);
    return report_of(std::move(out), std::move(policy));
}

inline report::Report undecided_report() {
    auto out = report();
    out.verdict.reset();
    out.scan.findings.clear();
    out.undecided_reason = "while indexing: http://127.0.0.1:6060: connection refused";
    return out;
}

} // namespace clairgate::sample
