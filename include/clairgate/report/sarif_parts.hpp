#pragma once

#include <clairgate/report/alerts.hpp>
#include <clairgate/report/artifact_path.hpp>
#include <clairgate/report/json_writer.hpp>
#include <clairgate/report/prose.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The parts of a SARIF run, each with its own file.
namespace clairgate::report {

/// A rule is an id; its results are the packages that have it.
struct SarifRule {
    std::string id;               ///< as it is printed: unique
    std::vector<Alert> instances; ///< in the order of the results
};

/// Which results a run has and which rules they are of, within GitHub's limits: what blocks comes
/// first, so that it is the least that is cut.
class SarifPlan {
  public:
    SarifPlan(Record const& record, RenderOptions const& options);

    Record const& record() const { return record_; }
    Alerts const& alerts() const { return alerts_; }
    ArtifactPath const& artifact() const { return artifact_; }
    std::vector<Notice> const& notices() const { return notices_; }
    std::span<Alert const> shown() const { return shown_; }
    /// The rule of the alert at that place of `shown`.
    std::uint32_t rule_of(std::size_t place) const { return rule_of_.at(place); }
    std::vector<SarifRule> const& rules() const { return rules_; }
    std::size_t cut() const { return alerts_.all().size() - shown_.size(); }
    /// Whether a result is suppressed: then all say whether they are (3.27.23).
    bool has_suppressions() const { return has_suppressions_; }

  private:
    std::uint32_t place_of_rule(finding::Finding const& finding);

    Record const& record_;
    Alerts alerts_;
    ArtifactPath artifact_;
    std::vector<Notice> notices_;
    std::span<Alert const> shown_;
    std::vector<SarifRule> rules_;
    std::vector<std::uint32_t> rule_of_;
    std::map<std::string, std::uint32_t, std::less<>> odd_rules_; ///< ids not printed as they are
    bool has_suppressions_ = false;
};

/// "error", "warning" or "note". An unknown severity warns: nobody said that it is harmless.
std::string_view sarif_level(finding::Severity severity);
/// The same for a notice.
std::string_view sarif_level(policy::Effect effect);

/// GitHub's `security-severity` in tenths: the CVSS score when it lies in the band of the severity
/// that policy reads, else a number in that band. GitHub shows the band in place of the level, so
/// another one would contradict the decision. Nothing for an unknown severity: no number was given,
/// and 0.0 is "none"; GitHub then shows the level.
std::optional<unsigned> security_severity(finding::Finding const& finding);

/// "9.8"; nothing for what is no CVSS score.
std::optional<std::string> score_text(double cvss_score);

/// Rules of our own, behind those of the findings: for notices and for what was cut.
std::string_view own_rule_id(Notice::Kind kind);
inline constexpr std::string_view cut_rule_id = "clairgate/cut";

/// A package or an id as it is told in a sentence.
inline constexpr std::size_t sarif_name_bytes_max = 120;

/// What the scanner says of the vulnerability, else that it says nothing.
void say_description(Prose& prose, SarifPlan const& plan, SarifRule const& rule);
/// What it is, where it is installed, how it is fixed, and where more is told.
void say_help(Prose& prose, SarifPlan const& plan, SarifRule const& rule);
/// The finding of the rule with the worst severity.
finding::Finding const& worst_of(SarifPlan const& plan, SarifRule const& rule);
/// A page about the vulnerability: the one its finder links to before the one of the id's form.
std::optional<std::string> help_url(finding::Finding const& finding);

void write_sarif_results(JsonWriter& json, SarifPlan const& plan);
void write_sarif_rules(JsonWriter& json, SarifPlan const& plan);

} // namespace clairgate::report
