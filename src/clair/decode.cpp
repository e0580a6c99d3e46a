#include <clairgate/base/text.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/decode_parts.hpp>
#include <clairgate/clair/ecosystems.hpp>
#include <clairgate/clair/vulnerability_id.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace clairgate::clair {

namespace {

template <class T>
using ById = std::unordered_map<std::string_view, T>;

// The top-level members we read, as text.
struct Sections {
    std::string_view manifest_hash;
    std::string_view packages;
    std::string_view distributions;
    std::string_view repositories;
    std::string_view environments;
    std::string_view vulnerabilities;
    std::string_view package_vulnerabilities;
    std::string_view enrichments;
};

struct PlacedPackage {
    finding::Package package;
    Ecosystem ecosystem;
    std::string distribution;
    std::optional<image::Digest> layer;
};

Error dangling(std::string_view what, std::string_view id) {
    return {ErrorKind::protocol, cat("the report names a ", what, " it does not hold: ", id)};
}

Result<Sections> sections_of(std::string_view json) {
    Sections sections;
    std::pair<std::string_view, std::string_view*> const known[] = {
        {"manifest_hash", &sections.manifest_hash},
        {"packages", &sections.packages},
        {"distributions", &sections.distributions},
        {"repository", &sections.repositories},
        {"environments", &sections.environments},
        {"vulnerabilities", &sections.vulnerabilities},
        {"package_vulnerabilities", &sections.package_vulnerabilities},
        {"enrichments", &sections.enrichments}};
    JsonObject root(json);
    while (TRY(root.next())) {
        for (auto const& [key, section] : known) {
            if (root.key() != key)
                continue;
            if (!section->empty())
                return Error(ErrorKind::protocol, cat("JSON key twice: \"", key, "\""));
            *section = root.value();
        }
    }
    for (auto const& [key, section] : known) {
        bool const may_be_absent = key == "enrichments";
        if (section->empty() && !may_be_absent)
            return Error(ErrorKind::protocol, cat("the report has no \"", key, "\""));
        if (*section == "null")
            *section = {};
    }
    return sections;
}

template <class T, class Decode>
Result<ById<T>> decode_map(std::string_view section, Decode decode) {
    ById<T> out;
    if (section.empty())
        return out;
    JsonObject members(section);
    while (TRY(members.next())) {
        auto value = TRY(decode(members.value()));
        if (!out.emplace(members.key(), std::move(value)).second)
            return Error(ErrorKind::protocol, cat("JSON key twice: \"", members.key(), "\""));
    }
    return out;
}

class ReportDecoder {
  public:
    ReportDecoder(Sections const& sections, std::string_view platform)
        : sections_(sections), platform_(platform) {}

    Result<VulnerabilityReport> decode() {
        TRY_VOID(read_places());
        TRY_VOID(read_packages());
        TRY_VOID(read_scores());
        vulnerabilities_ =
            TRY(decode_map<std::string_view>(sections_.vulnerabilities, [](std::string_view text) {
                return Result<std::string_view>(text);
            }));
        TRY_VOID(read_pairs());
        finding::normalise(report_.findings);
        report_.packages = packages_.size();
        return std::move(report_);
    }

  private:
    Result<void> read_places() {
        distributions_ = TRY(decode_map<Habitat>(sections_.distributions, [this](auto text) {
            return decode_distribution(decoder_, text);
        }));
        repositories_ = TRY(decode_map<Habitat>(sections_.repositories, [this](auto text) {
            return decode_repository(decoder_, text);
        }));
        environments_ = TRY(decode_map<Environment>(sections_.environments, [this](auto text) {
            return decode_environments(decoder_, text);
        }));
        return ok();
    }

    Result<Habitat> habitat_of(Environment const& environment) const {
        Habitat habitat;
        if (!environment.distribution_id.empty()) {
            auto const found = distributions_.find(environment.distribution_id);
            if (found == distributions_.end())
                return dangling("distribution", environment.distribution_id);
            habitat = found->second;
        }
        for (auto const& id : environment.repository_ids) {
            auto const found = repositories_.find(id);
            if (found == repositories_.end())
                return dangling("repository", id);
            if (habitat.repository_name.empty()) {
                habitat.repository_name = found->second.repository_name;
                habitat.repository_key = found->second.repository_key;
            }
        }
        return habitat;
    }

    Result<void> read_packages() {
        std::map<std::pair<std::string, std::string>, finding::EcosystemCoverage> ecosystems;
        auto const place = [&](std::string_view id,
                               finding::Package package) -> Result<PlacedPackage> {
            auto const found = environments_.find(id);
            Environment const nowhere;
            auto const& environment = found == environments_.end() ? nowhere : found->second;
            auto const habitat = TRY(habitat_of(environment));
            auto const ecosystem = ecosystem_of(habitat);
            PlacedPackage placed{std::move(package),
                                 ecosystem,
                                 ecosystem.is_language ? std::string() : distribution_text(habitat),
                                 std::nullopt};
            placed.package.ecosystem = std::string(ecosystem.name);
            placed.package.repository = habitat.repository_name;
            placed.package.purl = purl_of(placed.package, ecosystem, habitat);
            if (!environment.layer.empty()) {
                auto layer = image::Digest::parse(environment.layer);
                if (!layer.has_value())
                    return Error(ErrorKind::protocol, "introduced_in of the report is no digest");
                placed.layer = *std::move(layer);
            }
            auto& coverage = ecosystems[{placed.package.ecosystem, placed.distribution}];
            coverage.ecosystem = placed.package.ecosystem;
            coverage.distribution = placed.distribution;
            coverage.is_supported = ecosystem.is_supported;
            ++coverage.packages;
            return placed;
        };
        if (sections_.packages.empty())
            return ok();
        JsonObject members(sections_.packages);
        while (TRY(members.next())) {
            auto package = TRY(decode_package(decoder_, members.value()));
            auto placed = TRY(place(members.key(), std::move(package)));
            if (!packages_.emplace(members.key(), std::move(placed)).second)
                return Error(ErrorKind::protocol, cat("JSON key twice: \"", members.key(), "\""));
        }
        for (auto& [key, coverage] : ecosystems)
            report_.ecosystems.push_back(std::move(coverage));
        return ok();
    }

    // The CVSS enricher's map of vulnerability id → scores; its text is kept and decoded on use.
    Result<void> read_scores() {
        if (sections_.enrichments.empty())
            return ok();
        JsonObject kinds(sections_.enrichments);
        while (TRY(kinds.next())) {
            if (kinds.key().find("enricher=clair.cvss") == std::string_view::npos)
                continue;
            auto array = kinds.value(); // an array with one object
            auto const open = array.find('{');
            auto const close = array.rfind('}');
            if (array == "null" || array == "[]" || open == std::string_view::npos)
                continue;
            JsonObject scores(array.substr(open, close - open + 1));
            while (TRY(scores.next()))
                scores_.insert_or_assign(scores.key(), scores.value());
        }
        return ok();
    }

    Result<void> read_pairs() {
        if (sections_.package_vulnerabilities.empty())
            return ok();
        JsonObject pairs(sections_.package_vulnerabilities);
        while (TRY(pairs.next())) {
            auto const ids = TRY(decoder_.strings(pairs.value()));
            auto const package = packages_.find(pairs.key());
            if (package == packages_.end())
                return dangling("package", pairs.key());
            for (auto const& id : ids)
                report_.findings.push_back(TRY(finding_of(package->second, id)));
        }
        return ok();
    }

    Result<finding::Finding> finding_of(PlacedPackage const& placed, std::string const& id) {
        auto const found = vulnerabilities_.find(id);
        if (found == vulnerabilities_.end())
            return dangling("vulnerability", id);
        auto finding = TRY(decode_vulnerability(decoder_, found->second));
        finding.platform = platform_;
        finding.package = placed.package;
        finding.distribution = placed.distribution;
        finding.layer = placed.layer;
        finding.fixed_version = fixed_version(finding.fixed_version, placed.ecosystem.is_language);
        if (auto const scores = scores_.find(id); scores != scores_.end())
            finding.cvss = TRY(decode_cvss(decoder_, scores->second));
        bool const is_graded = finding.vendor_severity != finding::Severity::unknown;
        if (!is_graded && !finding.cvss.empty()) {
            finding.severity = finding::severity_of_score(finding.cvss.front().score);
            finding.severity_source = "cvss";
        }
        return finding;
    }

    Sections const& sections_;
    std::string platform_;
    PartDecoder decoder_;
    ById<Habitat> distributions_;
    ById<Habitat> repositories_;
    ById<Environment> environments_;
    ById<PlacedPackage> packages_;
    ById<std::string_view> vulnerabilities_;
    ById<std::string_view> scores_;
    VulnerabilityReport report_;
};

// simdjson reads up to its padding beyond the end of what it parses.
void pad(std::string& json) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
}

} // namespace

Result<IndexReport> decode_index_report(std::string_view json) {
    std::string padded(json);
    pad(padded);
    PartDecoder decoder;
    IndexReport report;
    JsonObject root(padded);
    while (TRY(root.next())) {
        if (root.key() == "manifest_hash")
            report.manifest_hash = TRY(decoder.string(root.value()));
        else if (root.key() == "state")
            report.state = TRY(decoder.string(root.value()));
        else if (root.key() == "err")
            report.error = TRY(decoder.string(root.value()));
        else if (root.key() == "success" && root.value() != "true" && root.value() != "false")
            return Error(ErrorKind::protocol,
                         "\"success\" of the index report is not true or false");
        else if (root.key() == "success")
            report.success = root.value() == "true";
    }
    return report;
}

Result<std::string> decode_index_state(std::string_view json) {
    std::string padded(json);
    pad(padded);
    PartDecoder decoder;
    JsonObject root(padded);
    while (TRY(root.next()))
        if (root.key() == "state")
            return decoder.string(root.value());
    return Error(ErrorKind::protocol, "no \"state\" in Clair's answer");
}

Result<std::vector<std::string>> decode_distribution_ids(std::string_view json) {
    std::string padded(json);
    pad(padded);
    PartDecoder decoder;
    std::vector<std::string> ids;
    JsonObject root(padded);
    while (TRY(root.next())) {
        if (root.key() != "distributions" || root.value() == "null")
            continue;
        JsonObject distributions(root.value());
        while (TRY(distributions.next()))
            ids.push_back(TRY(decode_distribution(decoder, distributions.value())).did);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

Result<VulnerabilityReport> decode_vulnerability_report(std::string& json,
                                                        image::Digest const& manifest,
                                                        std::string_view platform) {
    pad(json);
    auto const sections = TRY(sections_of(json));
    PartDecoder decoder;
    auto const hash = TRY(decoder.string(sections.manifest_hash));
    if (hash != manifest.text())
        return Error(ErrorKind::integrity,
                     cat("Clair answered about ", hash, " when asked about ", manifest.text()));
    return ReportDecoder(sections, platform).decode();
}

Result<std::vector<finding::UpdateOperation>> decode_update_operations(std::string_view json) {
    std::string padded(json);
    pad(padded);
    std::vector<finding::UpdateOperation> latest;
    if (trim(padded) == "null")
        return latest;
    PartDecoder decoder;
    JsonObject root(padded);
    while (TRY(root.next())) {
        auto const parsed = TRY(decoder.parse(root.value()));
        simdjson::dom::array operations;
        if (parsed.get_array().get(operations) != simdjson::SUCCESS)
            return Error(ErrorKind::protocol, "update operations are not an array");
        std::optional<finding::UpdateOperation> newest;
        for (simdjson::dom::element const entry : operations) {
            std::string_view date;
            std::string_view fingerprint;
            std::string_view ref;
            if (entry["date"].get_string().get(date) != simdjson::SUCCESS)
                return Error(ErrorKind::protocol, "an update operation has no date");
            if (entry["fingerprint"].get_string().get(fingerprint) != simdjson::SUCCESS)
                fingerprint = {}; // only told, never judged
            if (entry["ref"].get_string().get(ref) != simdjson::SUCCESS)
                ref = {};
            finding::UpdateOperation operation{std::string(root.key()),
                                               TRY(parse_rfc3339(date)),
                                               std::string(fingerprint),
                                               std::string(ref)};
            if (!newest || operation.date > newest->date)
                newest = std::move(operation);
        }
        if (newest)
            latest.push_back(*std::move(newest));
    }
    std::sort(latest.begin(), latest.end(), [](auto const& a, auto const& b) {
        return a.updater < b.updater;
    });
    return latest;
}

void attach_updaters(std::vector<finding::EcosystemCoverage>& ecosystems,
                     std::vector<finding::UpdateOperation> const& operations) {
    for (auto& ecosystem : ecosystems) {
        for (auto const& operation : operations) {
            if (!feeds(operation.updater, ecosystem.ecosystem, ecosystem.distribution))
                continue;
            ecosystem.updaters.push_back(operation.updater);
            if (!ecosystem.newest_data || *ecosystem.newest_data < operation.date)
                ecosystem.newest_data = operation.date;
        }
    }
}

} // namespace clairgate::clair
