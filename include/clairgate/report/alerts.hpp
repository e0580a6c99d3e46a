#pragma once

#include <clairgate/report/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// What the trackers of other systems keep as one (a result of SARIF, a vulnerability of GitLab, an
/// issue): the findings of one id in one version of a package. Platforms, architectures and
/// updaters do not make another one: it is looked at, fixed and dismissed once.
struct Alert {
    std::uint32_t finding = 0; ///< speaks for all: the strictest decision, then the worst severity
    std::uint32_t first = 0;   ///< of its findings, among all of them by name
    std::uint32_t count = 0;
    std::uint32_t name = 0; ///< its place among all alerts by id, package and version
};

/// The alerts of a record: what blocks, then what warns, is allowed, is waived; each worst first.
class Alerts {
  public:
    explicit Alerts(Record const& record);

    std::vector<Alert> const& all() const { return alerts_; }
    /// The front of them that has at most so many alerts and so many bytes of outside text.
    std::span<Alert const> front(std::size_t alerts_max, std::size_t text_bytes_max) const;
    /// Positions of its findings in the record, ascending.
    std::span<std::uint32_t const> findings_of(Alert const& alert) const;
    /// Each once.
    std::vector<std::string_view> platforms_of(Alert const& alert) const;

    finding::Finding const& finding(Alert const& alert) const;
    /// nullptr where undecided.
    Decided const* decision(Alert const& alert) const { return record_.decision(alert.finding); }

  private:
    Record const& record_;
    std::vector<std::uint32_t> by_name_; // findings
    std::vector<Alert> alerts_;
};

/// Whether two findings belong to one alert.
bool is_same_alert(finding::Finding const& a, finding::Finding const& b);

/// SHA-256 of what an alert is known by: its id, the parts of the package's URL without qualifiers
/// (which not every package has), and the repository's path. No digest, tag, registry or platform
/// is in it, so that an alert stays the same from push to push, on a mirror, and when a platform is
/// added.
std::string alert_digest(Record const& record, finding::Finding const& finding);
/// The same for something that is no finding: `kind` is a word of ours.
std::string
notice_digest(Record const& record, std::string_view kind, std::string_view untrusted_name);

/// What the verdict rests on beside findings. Whoever shows findings alone would show a clean image
/// where these block.
struct Notice {
    enum class Kind : std::uint8_t { undecided, coverage, budget };
    Kind kind;
    policy::Effect effect;
    std::string_view name;        ///< the platform or the severity; "" when undecided
    std::string_view sentence;    ///< from outside
    policy::Origin const* origin; ///< nullptr when undecided
};
/// Those that block or warn.
std::vector<Notice> notices_of(Record const& record);

} // namespace clairgate::report
