#include <clairgate/report/markdown_rows.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::report {

namespace {

auto shown_by(finding::Finding const& finding) {
    return std::tie(
        finding.package.name, finding.package.version, finding.id, finding.fixed_version);
}

} // namespace

Positions worst_first(Record const& record, policy::Effect effect, std::optional<bool> is_new) {
    auto const& findings = record.findings();
    Positions out;
    for (std::uint32_t i = 0; i < findings.size(); ++i) {
        auto const* const decided = record.decision(i);
        if (decided != nullptr && decided->action == effect &&
            findings[i].is_new == is_new.value_or(findings[i].is_new))
            out.push_back(i);
    }
    // Findings come ordered by platform, package and id.
    bool const is_ordered = record.scan().platforms.size() < 2;
    std::sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (findings[a].severity != findings[b].severity)
            return findings[a].severity > findings[b].severity;
        if (is_ordered)
            return a < b;
        if (auto const order = shown_by(findings[a]) <=> shown_by(findings[b]); order != 0)
            return order < 0;
        return a < b;
    });
    return out;
}

std::size_t alike(Record const& record, std::span<std::uint32_t const> positions) {
    auto const& findings = record.findings();
    auto const& first = findings[positions.front()];
    auto const end = std::find_if(positions.begin(), positions.end(), [&](std::uint32_t i) {
        return findings[i].severity != first.severity || shown_by(findings[i]) != shown_by(first);
    });
    return static_cast<std::size_t>(end - positions.begin());
}

} // namespace clairgate::report
