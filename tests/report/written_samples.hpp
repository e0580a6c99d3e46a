#pragma once

#include "report/sample_report.hpp"

#include <string>

/// Reports with all that documents for people tell: origins, a baseline, exceptions, a budget.
namespace clairgate::sample {

inline policy::Policy policy_with_everything() {
    return policy("[budget]\nhigh = 0\n"
                  "[[allow]]\nid = [\"CVE-2099-0003\"]\nreason = \"not reachable\"\n"
                  "owner = \"team-shop\"\nexpires = 2026-12-01\n"
                  "[[allow]]\nid = [\"CVE-1999-0001\"]\nreason = \"elsewhere\"\n"
                  "owner = \"team-shop\"\nexpires = 2026-12-24\n");
}

inline report::Report report_with_everything() {
    auto scanned = report().scan;
    auto const base = image::Digest::of("base");
    for (auto& finding : scanned.findings) {
        bool const is_base =
            finding.package.name == "perl-base" || finding.package.name == "zlib1g";
        finding.is_base_layer = is_base;
        finding.layer = is_base ? base : image::Digest::of("layer");
        finding.is_new = finding.package.name == "libssl3" || finding.package.name == "requests";
    }
    scanned.findings.front().epss = 0.97;
    scanned.findings.front().is_known_exploited = true;
    auto out = report_of(std::move(scanned), policy_with_everything());
    out.context = {{"application", "shop"}, {"environment", "prod"}};
    out.image.layers["linux/amd64"] = {{base, "ADD rootfs.tar.xz /"},
                                       {image::Digest::of("layer"), "RUN apt-get install | tee x"}};
    out.image.base = {
        "docker.io/library/debian:12@" + base.text(), image::Digest::of("newer base"), true};
    out.comparison = {
        "registry.example/team/shop@" + image::Digest::of("earlier").text(),
        {{"CVE-2098-0007", "linux/amd64", "curl", "7.88.1", finding::Severity::high}}};
    return out;
}

/// So many findings that no document has room for all, with texts as long as they come.
inline report::Report large_report(std::size_t count, std::string const& filler) {
    auto scanned = scan();
    for (std::size_t i = 0; i < count; ++i) {
        auto one = vulnerable("CVE-2099-" + std::to_string(10'000 + i) + filler,
                              "package" + std::to_string(i % 97) + filler,
                              "1." + std::to_string(i) + filler,
                              i % 2 == 0 ? finding::Severity::critical : finding::Severity::low,
                              i % 3 == 0 ? "2.0" + filler : "");
        one.links = {"https://example.org/" + std::string(200, '@')};
        one.is_new = i % 5 == 0;
        scanned.findings.push_back(std::move(one));
    }
    finding::normalise(scanned.findings);
    return report_of(std::move(scanned), policy::built_in());
}

inline report::Report clean_report(policy::Policy policy = policy::built_in()) {
    return report_of(scan(), std::move(policy));
}

/// With findings that nobody decided on.
inline report::Report undecided_with_findings() {
    auto out = report();
    out.verdict.reset();
    out.undecided_reason = "the policy could not be read";
    return out;
}

} // namespace clairgate::sample
