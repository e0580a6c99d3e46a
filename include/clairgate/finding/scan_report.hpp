#pragma once

#include <clairgate/finding/finding.hpp>

#include <cstddef>
#include <map>

namespace clairgate::finding {

/// What Clair could know about one ecosystem among an image's packages.
struct EcosystemCoverage {
    std::string ecosystem;    ///< "debian", "pypi"… or the unsupported distribution's own id
    std::string distribution; ///< "debian 12 (bookworm)", "" for language ecosystems
    std::size_t packages = 0;
    bool is_supported = false;             ///< Clair has a matcher for it
    std::vector<std::string> updaters;     ///< updaters seen that feed it, sorted; empty: no data
    std::optional<SystemTime> newest_data; ///< newest operation of those updaters
};

/// Facts from which policy decides covered / partly / uncovered (design section 7), per platform.
struct PlatformScan {
    std::string platform;
    image::Digest manifest;
    std::size_t packages = 0;
    std::size_t layers = 0;
    std::vector<EcosystemCoverage> ecosystems; ///< sorted by ecosystem, distribution
};

/// One updater's last change, as Clair's matcher reports it.
struct UpdateOperation {
    std::string updater;
    SystemTime date;
    std::string fingerprint;
    std::string ref;
};

/// Who scanned with what. All times UTC.
struct Scanner {
    std::string name = "clair";
    std::string version;            ///< "" when the API does not say
    std::string index_state;        ///< Clair's indexer state
    bool has_updater_facts = false; ///< false: update_operation could not be read (stored report)
    std::vector<UpdateOperation> updaters; ///< latest per updater, sorted by name
    std::optional<SystemTime> data_date;   ///< the imported dump's own date, when known
};

/// The result of a scan, pure and complete: everything a policy may ask.
struct ScanReport {
    std::vector<PlatformScan> platforms;
    std::vector<Finding> findings; ///< normalised
    Scanner scanner;
};

} // namespace clairgate::finding
