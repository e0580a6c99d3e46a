#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/baseline.hpp>
#include <clairgate/policy/epss_file.hpp>
#include <clairgate/policy/kev_file.hpp>
#include <clairgate/policy/policy.hpp>
#include <clairgate/policy/vex_waivers.hpp>
#include <clairgate/report/report.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::gate {

/// Files with facts that a scan does not bring.
struct FactChoice {
    std::optional<std::string> kev_file;
    Duration kev_age_max{};
    std::optional<std::string> epss_file;
    Duration epss_age_max{};
    std::vector<std::string> vex_files;
    std::optional<std::string> baseline_file;       ///< `--against` a file
    std::optional<image::Reference> baseline_image; ///< `--against` the signed report of an image
};

/// What `--against` names: an earlier scan of something alike.
struct EarlierScan {
    std::string name; ///< repository@digest
    std::shared_ptr<finding::ScanReport const> scan;
    policy::Baseline known; ///< of that scan
};

/// Those files, read. A file that is named but missing, malformed or too old is kind policy: what
/// was asked for must not silently be missing.
struct FactFiles {
    std::optional<policy::KevCatalog> kev;
    std::optional<policy::EpssTable> epss;
    std::vector<policy::VexSource> vex;
    std::optional<EarlierScan> baseline;
    std::vector<policy::Baseline> earlier; ///< verified evidence: since when findings are known
};
Result<FactFiles> read_facts(FactChoice const& choice, SystemTime now);

/// The scan beside the baseline; nothing where none was given. After `add_facts`.
std::optional<report::Comparison> compare(finding::ScanReport const& scan, FactFiles const& facts);

/// Writes what the files know into the findings; what they do not know stays as it was.
void add_facts(finding::ScanReport& scan, FactFiles const& facts);

/// The policy with the statements of the documents whose author it trusts as exceptions of its
/// nearest level; a note for each document that is not heard.
void add_vex(policy::Policy& policy, FactFiles const& facts);

} // namespace clairgate::gate
