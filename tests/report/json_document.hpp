#pragma once

#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::report {

/// What a JSON format writes for a report, parsed.
inline nlohmann::json document_of(void (*render)(Record const&, RenderOptions const&, Out&),
                                  Report const& report,
                                  RenderOptions const& options = {}) {
    auto parsed = clairgate::json::parse(rendered_by(render, report, options));
    EXPECT_TRUE(parsed.has_value());
    return parsed.has_value() ? *std::move(parsed) : nlohmann::json();
}

/// A report of these findings under that policy.
inline Report report_with(std::vector<finding::Finding> findings,
                          policy::Policy policy = policy::built_in()) {
    auto scan = sample::report().scan;
    scan.findings = std::move(findings);
    finding::normalise(scan.findings);
    return sample::report_of(std::move(scan), std::move(policy));
}

/// So many findings of one severity, each with an id of its own.
inline std::vector<finding::Finding> many(std::size_t count, finding::Severity severity) {
    std::vector<finding::Finding> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(sample::vulnerable(
            "CVE-2098-" + std::to_string(10'000 + i), "package", "1.0", severity, "1.1"));
    return out;
}

/// How often a piece of text occurs.
inline std::size_t count_of(std::string_view piece, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + piece.size()))
        ++count;
    return count;
}

/// The same image pushed again: another digest and another tag.
inline Report pushed_again(Report report, char const* tag = "v2") {
    report.reference = image::Reference::parse(report.reference.repository().text() + ":" + tag +
                                               "@" + image::Digest::of(tag).text())
                           .value();
    return report;
}

/// An exception for the sample's critical finding.
inline policy::Policy policy_with_exception() {
    return sample::policy("[[allow]]\nid = [\"CVE-2099-0003\"]\nreason = \"not reachable: [see](x) "
                          "{0}\"\nowner = \"team-a\"\nexpires = 2027-01-31\n");
}

/// Texts that an image or an advisory may hold to act on a reader.
inline std::vector<std::string> hostile_texts() {
    return {"\x1b[31mred\x1b[0m",
            "\n::error::x",
            "::set-output name=verdict::pass",
            "##vso[task.complete result=Succeeded;]",
            "section_start:1560896352:evil\r\x1b[0K",
            "<script>alert(1)</script>",
            "](https://evil.test)",
            "[text](https://evil.test) \\[x\\] {0} }{",
            "`code` ``two`` *b* _i_ ~s~ | # @user !1 $x$ &amp; www.evil.test",
            "    - indented",
            "\xE2\x80\xAEgpj.exe",
            "\xED\xA0\x80surrogate",
            std::string("nul\0byte", 8),
            " ",
            "clairgate/undecided"};
}

} // namespace clairgate::report
