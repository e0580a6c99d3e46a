#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/finding/severity.hpp>
#include <clairgate/image/digest.hpp>

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::finding {

/// The installed package a finding is about. All strings come from the scanned image.
struct Package {
    std::string name;
    std::string version;
    std::string kind; ///< Clair's: "binary", "source", …
    std::string architecture;
    std::string module;      ///< rpm module stream, "" if none
    std::string source_name; ///< source package, "" if none
    std::string source_version;
    std::string purl; ///< package URL (purl-spec); "" when it cannot be formed
    std::string
        ecosystem; ///< "debian", "alpine", "ubuntu", "pypi", "maven", "gem", "golang", "rpm" …
    std::string repository; ///< Clair's repository name or key, "" if none
    friend auto operator<=>(Package const&, Package const&) = default;
};

/// A CVSS base score of an enrichment.
struct Cvss {
    std::string version; ///< "3.1"
    std::string vector;
    double score = 0; ///< 0.0–10.0
    friend bool operator==(Cvss const&, Cvss const&) = default;
};

/// One vulnerability of one package on one platform: scanner-neutral, keyed by stable names (no
/// database ids). (platform, package, id, updater) is unique in a ScanReport.
struct Finding {
    std::string id; ///< CVE if the name is or holds exactly one, else the advisory's name
    std::vector<std::string> aliases; ///< other ids, sorted, unique, without `id`
    std::string updater;              ///< "debian/updater"
    std::string platform;             ///< "linux/amd64"
    Package package;
    std::string distribution;              ///< "debian 12 (bookworm)", "" for language packages
    std::optional<image::Digest> layer;    ///< layer that introduced the package
    Severity severity = Severity::unknown; ///< what policy reads
    std::string severity_source;           ///< "vendor", or "cvss" when the vendor's was unknown
    Severity vendor_severity = Severity::unknown; ///< Clair's normalized_severity
    std::string vendor_severity_word;             ///< raw word or vector of the vendor
    std::vector<Cvss> cvss;                       ///< of all CVEs named, highest score first
    std::optional<SystemTime> published;          ///< Clair's `issued`; nothing for year 1
    std::string fixed_version;                    ///< "" = no fix known
    std::string description;                      ///< cut at `description_bytes_max`
    std::vector<std::string> links;               ///< https and http only, at most `links_max`
    // What policy may ask beyond the scan; nothing: not known.
    std::optional<bool> is_base_layer;        ///< whether `layer` is the base image's
    std::optional<bool> is_known_exploited;   ///< CISA's catalogue, when one was given
    std::optional<double> epss;               ///< FIRST's probability, 0–1
    std::optional<SystemTime> first_seen;     ///< in the repository's earliest verified evidence
    std::optional<SystemTime> fix_first_seen; ///< the same for its fix
    bool is_new = true;                       ///< not in the baseline; without one all are
};

/// What a finding keeps of an advisory's prose: enough to recognise it, little enough that the
/// findings of a 32 MB report fit into 64 MiB beside it.
inline constexpr std::size_t description_bytes_max = 300;
inline constexpr std::size_t links_max = 4;

/// Total order by stable keys: what makes reports deterministic.
bool less_by_name(Finding const& a, Finding const& b);

/// Sorts by `less_by_name` and folds duplicates (same platform, package, id, updater or the same
/// fix): the highest severity, the earliest publication and the union of aliases and links remain.
/// Idempotent, and the same whatever the order of `findings` was.
void normalise(std::vector<Finding>& findings);

} // namespace clairgate::finding
