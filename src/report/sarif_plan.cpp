#include <clairgate/base/text.hpp>
#include <clairgate/report/sarif_parts.hpp>
#include <clairgate/report/shown.hpp>

#include <algorithm>
#include <cmath>

namespace clairgate::report {

namespace {

// GitHub reads 25,000 results of a run and shows 5,000; one place is kept for what was cut.
constexpr std::size_t results_max = 5'000;
// GitHub takes 10 MB of gzip. What we say ourselves compresses to less than 100 bytes a result;
// text from outside may be made not to.
constexpr std::size_t outside_bytes_max = 8'000'000;
constexpr std::size_t rule_id_bytes_max = 252; // 255 with the mark of what was cut
constexpr std::string_view unnamed = "unnamed";

// Nothing that `printed_id` makes of another id looks like one of these.
bool is_printed_as_is(std::string_view id) {
    return !id.empty() && id.size() <= rule_id_bytes_max && !id.starts_with("clairgate/") &&
           id != unnamed && std::all_of(id.begin(), id.end(), [](char c) {
               return c > ' ' && c < '\x7F' && c != '\\'; // a backslash may be an escape of ours
           });
}

std::string printed_id(std::string_view id) {
    std::string scratch;
    auto const piece = shown(id, rule_id_bytes_max, scratch);
    if (trim(piece.text).empty())
        return std::string(unnamed);
    // Rules of our own have names that no finding can take.
    return cat(piece.text.starts_with("clairgate/") ? "advisory " : "",
               piece.text,
               piece.is_cut ? "…" : "");
}

std::optional<unsigned> tenths_of(double cvss_score) {
    if (!(cvss_score >= 0 && cvss_score <= 10)) // also what is not a number
        return std::nullopt;
    return static_cast<unsigned>(std::lround(cvss_score * 10));
}

} // namespace

std::uint32_t SarifPlan::place_of_rule(finding::Finding const& finding) {
    auto const next = static_cast<std::uint32_t>(rules_.size());
    if (is_printed_as_is(finding.id)) {
        rules_.push_back({finding.id, {}});
        return next;
    }
    auto const [known, is_fresh] = odd_rules_.try_emplace(printed_id(finding.id), next);
    if (is_fresh)
        rules_.push_back({known->first, {}});
    return known->second;
}

SarifPlan::SarifPlan(Record const& record, RenderOptions const& options)
    : record_(record), alerts_(record), artifact_(artifact_path(record, options)),
      notices_(notices_of(record)),
      shown_(alerts_.front(results_max - 1 - std::min(results_max - 1, notices_.size()),
                           outside_bytes_max)) {
    std::vector<std::uint32_t> by_name(shown_.size());
    for (std::uint32_t place = 0; place < by_name.size(); ++place)
        by_name[place] = place;
    std::sort(by_name.begin(), by_name.end(), [&](std::uint32_t a, std::uint32_t b) {
        return shown_[a].name < shown_[b].name;
    });
    rule_of_.resize(shown_.size());
    std::string_view last_id;
    for (std::size_t i = 0; i < by_name.size(); ++i) {
        auto const place = by_name[i];
        auto const& finding = alerts_.finding(shown_[place]);
        bool const is_same = i > 0 && finding.id == last_id;
        rule_of_[place] = is_same ? rule_of_[by_name[i - 1]] : place_of_rule(finding);
        last_id = finding.id;
    }
    for (std::size_t place = 0; place < shown_.size(); ++place) {
        rules_[rule_of_[place]].instances.push_back(shown_[place]);
        auto const* const decided = alerts_.decision(shown_[place]);
        has_suppressions_ = has_suppressions_ || (decided != nullptr && decided->is_waived);
    }
}

std::string_view sarif_level(finding::Severity severity) {
    using finding::Severity;
    switch (severity) {
    case Severity::critical:
    case Severity::high:
        return "error";
    case Severity::medium:
    case Severity::unknown:
        return "warning";
    case Severity::low:
    case Severity::negligible:
        break;
    }
    return "note";
}

std::string_view sarif_level(policy::Effect effect) {
    return effect == policy::Effect::block  ? "error"
           : effect == policy::Effect::warn ? "warning"
                                            : "note";
}

std::optional<unsigned> security_severity(finding::Finding const& finding) {
    using finding::Severity;
    struct Band {
        Severity severity;
        unsigned first, last; ///< of GitHub's band, in tenths
        unsigned otherwise;
    };
    static constexpr Band bands[] = {{Severity::critical, 91, 100, 95},
                                     {Severity::high, 70, 89, 80},
                                     {Severity::medium, 40, 69, 55},
                                     {Severity::low, 1, 39, 20},
                                     {Severity::negligible, 1, 39, 1}};
    auto const* const band = std::find_if(std::begin(bands), std::end(bands), [&](Band const& b) {
        return b.severity == finding.severity;
    });
    if (band == std::end(bands))
        return std::nullopt;
    for (auto const& cvss : finding.cvss) {
        auto const tenths = tenths_of(cvss.score);
        if (tenths && *tenths >= band->first && *tenths <= band->last && band->otherwise > 1)
            return tenths;
    }
    return band->otherwise;
}

std::optional<std::string> score_text(double cvss_score) {
    auto const tenths = tenths_of(cvss_score);
    return tenths ? std::optional(cat(*tenths / 10, ".", *tenths % 10)) : std::nullopt;
}

std::string_view own_rule_id(Notice::Kind kind) {
    switch (kind) {
    case Notice::Kind::undecided:
        return "clairgate/undecided";
    case Notice::Kind::coverage:
        return "clairgate/coverage";
    case Notice::Kind::budget:
        break;
    }
    return "clairgate/budget";
}

} // namespace clairgate::report
