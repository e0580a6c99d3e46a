#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/decode_parts.hpp>
#include <clairgate/clair/ecosystems.hpp>
#include <clairgate/clair/member_index.hpp>
#include <clairgate/clair/vulnerability_id.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>

namespace clairgate::clair {

namespace {

// More pairs of package and vulnerability than any image has: beyond it memory is the limit.
constexpr std::size_t pairs_max = 500'000;
constexpr std::size_t package_bytes_max = 256 * limits::kib;
constexpr std::size_t environment_bytes_max = 4 * limits::mib;

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

// Where packages live; many share one.
struct Place {
    Habitat habitat;
    Ecosystem ecosystem;
    std::string distribution;
    std::optional<image::Digest> layer;
};

Error dangling(std::string_view what, std::string_view id) {
    return {ErrorKind::protocol, cat("the report names a ", what, " it does not hold: ", id)};
}

// Which of several repositories a package is told to be from (the least), always the same; nothing
// when it cannot be: a language's registry for a package of the distribution.
using Rank = std::optional<std::pair<int, std::string_view>>;
Rank rank_of(Habitat const& repository, Environment const& environment) {
    std::string_view const name = repository.repository_name;
    if (name.empty())
        return std::nullopt;
    if (name == repository_of_database(environment.database))
        return std::pair(0, name);
    if (is_language_repository(name) && !environment.distribution_id.empty())
        return std::nullopt;
    return std::pair(repository.repository_key.empty() ? 2 : 1, name);
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
    for (auto const& [key, section] : known)
        if (section->empty() && key != "enrichments")
            return Error(ErrorKind::protocol, cat("the report has no \"", key, "\""));
    return sections;
}

class ReportDecoder {
  public:
    ReportDecoder(Sections const& sections, std::string_view platform)
        : sections_(sections), platform_(platform) {}

    Result<VulnerabilityReport> decode() {
        TRY_VOID(read_places());
        TRY_VOID(read_packages());
        TRY_VOID(read_scores());
        TRY_VOID(read_pairs());
        TRY_VOID(read_findings());
        finding::normalise(report_.findings);
        report_.packages = packages_.size();
        return std::move(report_);
    }

  private:
    // Positions in vulnerabilities_ and packages_.
    struct Pair {
        std::uint32_t vulnerability;
        std::uint32_t package;
        friend auto operator<=>(Pair const&, Pair const&) = default;
    };

    Result<void> read_places() {
        distribution_index_ = TRY(MemberIndex::of(sections_.distributions));
        for (std::size_t i = 0; i < distribution_index_.size(); ++i)
            distributions_.push_back(
                TRY(decode_distribution(decoder_, distribution_index_.value(i))));
        repository_index_ = TRY(MemberIndex::of(sections_.repositories));
        for (std::size_t i = 0; i < repository_index_.size(); ++i)
            repositories_.push_back(TRY(decode_repository(decoder_, repository_index_.value(i))));
        environments_ = TRY(MemberIndex::of(sections_.environments));
        return ok();
    }

    Result<Habitat> habitat_of(Environment const& environment) const {
        Habitat habitat;
        if (!environment.distribution_id.empty()) {
            auto const found = distribution_index_.find(environment.distribution_id);
            if (found == MemberIndex::absent)
                return dangling("distribution", environment.distribution_id);
            habitat = distributions_[found];
        }
        // Older Clair lists all repositories of a layer for each of its packages.
        Habitat const* best = nullptr;
        Rank best_rank;
        for (auto const& id : environment.repository_ids) {
            auto const found = repository_index_.find(id);
            if (found == MemberIndex::absent)
                return dangling("repository", id);
            auto const& one = repositories_[found];
            auto const rank = rank_of(one, environment);
            if (!rank || (best_rank && *best_rank <= *rank))
                continue;
            best = &one;
            best_rank = rank;
        }
        if (best != nullptr) {
            habitat.repository_name = best->repository_name;
            habitat.repository_key = best->repository_key;
        }
        return habitat;
    }

    // The place of a package, shared with all that have the same environment.
    Result<std::uint32_t> place_of(std::string_view package_id) {
        auto const found = environments_.find(package_id);
        auto const text =
            found == MemberIndex::absent ? std::string_view("[]") : environments_.value(found);
        if (text.size() > environment_bytes_max)
            return Error(ErrorKind::limit, "a package of the report has too many environments");
        auto const known = place_by_text_.find(text);
        if (known != place_by_text_.end())
            return known->second;
        auto const environment = TRY(decode_environments(decoder_, text));
        auto const position = static_cast<std::uint32_t>(places_.size());
        auto& place = places_.emplace_back(); // where it stays: its ecosystem may name its habitat
        place.habitat = TRY(habitat_of(environment));
        place.ecosystem = ecosystem_of(place.habitat);
        if (!place.ecosystem.is_language)
            place.distribution = distribution_text(place.habitat);
        if (!environment.layer.empty()) {
            auto layer = image::Digest::parse(environment.layer);
            if (!layer.has_value())
                return Error(ErrorKind::protocol, "introduced_in of the report is no digest");
            place.layer = *std::move(layer);
        }
        place_by_text_.emplace(text, position);
        return position;
    }

    Result<void> read_packages() {
        packages_ = TRY(MemberIndex::of(sections_.packages));
        std::map<std::pair<std::string, std::string>, finding::EcosystemCoverage> ecosystems;
        place_of_package_.reserve(packages_.size());
        for (std::size_t i = 0; i < packages_.size(); ++i) {
            if (packages_.value(i).size() > package_bytes_max)
                return Error(ErrorKind::limit, "a package of the report is too large");
            auto const checked = decode_package(decoder_, packages_.value(i));
            if (!checked.has_value())
                return checked.error();
            place_of_package_.push_back(TRY(place_of(packages_.key(i))));
            auto const& place = places_[place_of_package_.back()];
            auto& coverage = ecosystems[{std::string(place.ecosystem.name), place.distribution}];
            coverage.ecosystem = place.ecosystem.name;
            coverage.distribution = place.distribution;
            coverage.is_supported = place.ecosystem.is_supported;
            ++coverage.packages;
        }
        environments_ = {}; // each package has its place now
        place_by_text_.clear();
        for (auto& [key, coverage] : ecosystems)
            report_.ecosystems.push_back(std::move(coverage));
        return ok();
    }

    // The CVSS enricher's maps of vulnerability id → scores; their text is decoded on use.
    Result<void> read_scores() {
        auto const kinds = TRY(MemberIndex::of(sections_.enrichments));
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            if (kinds.key(i).find("enricher=clair.cvss") == std::string_view::npos ||
                kinds.value(i) == "null")
                continue;
            JsonArray maps(kinds.value(i));
            while (TRY(maps.next()))
                scores_.push_back(TRY(MemberIndex::of(maps.value())));
        }
        return ok();
    }

    Result<void> read_pairs() {
        vulnerabilities_ = TRY(MemberIndex::of(sections_.vulnerabilities));
        auto const lists = TRY(MemberIndex::of(sections_.package_vulnerabilities));
        for (std::size_t i = 0; i < lists.size(); ++i) {
            auto const package = packages_.find(lists.key(i));
            if (package == MemberIndex::absent)
                return dangling("package", lists.key(i));
            for (auto const& id : TRY(decoder_.strings(lists.value(i)))) {
                auto const found = vulnerabilities_.find(id);
                if (found == MemberIndex::absent)
                    return dangling("vulnerability", id);
                if (pairs_.size() == pairs_max)
                    return Error(ErrorKind::limit,
                                 cat("the report holds more than ", pairs_max, " findings"));
                pairs_.push_back(pair_of(found, package));
            }
        }
        std::sort(pairs_.begin(), pairs_.end());
        pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
        return ok();
    }

    static Pair pair_of(std::size_t vulnerability, std::size_t package) {
        Pair pair{};
        pair.vulnerability = static_cast<std::uint32_t>(vulnerability);
        pair.package = static_cast<std::uint32_t>(package);
        return pair;
    }

    // Each vulnerability once, however many packages have it.
    Result<void> read_findings() {
        report_.findings.reserve(pairs_.size());
        finding::Finding facts;
        std::string fixed_in_version;
        auto decoded = MemberIndex::absent;
        for (auto const& pair : pairs_) {
            if (pair.vulnerability != decoded) {
                facts = TRY(facts_of(pair.vulnerability));
                fixed_in_version = facts.fixed_version;
                decoded = pair.vulnerability;
            }
            auto const& place = places_[place_of_package_[pair.package]];
            auto& finding = report_.findings.emplace_back(facts);
            finding.package = TRY(decode_package(decoder_, packages_.value(pair.package)));
            finding.package.ecosystem = place.ecosystem.name;
            finding.package.repository = place.habitat.repository_name;
            finding.package.purl = purl_of(finding.package, place.ecosystem, place.habitat);
            finding.package.purl.shrink_to_fit(); // it was written piece by piece
            finding.distribution = place.distribution;
            finding.layer = place.layer;
            finding.fixed_version = fixed_version(fixed_in_version, place.ecosystem.is_language);
        }
        return ok();
    }

    Result<finding::Finding> facts_of(std::size_t vulnerability) {
        auto facts = TRY(decode_vulnerability(decoder_, vulnerabilities_.value(vulnerability)));
        facts.platform = platform_;
        for (auto const& scores : scores_) {
            auto const found = scores.find(vulnerabilities_.key(vulnerability));
            if (found == MemberIndex::absent || !facts.cvss.empty())
                continue;
            facts.cvss = TRY(decode_cvss(decoder_, scores.value(found)));
        }
        bool const is_graded = facts.vendor_severity != finding::Severity::unknown;
        if (!is_graded && !facts.cvss.empty()) {
            facts.severity = finding::severity_of_score(facts.cvss.front().score);
            facts.severity_source = "cvss";
        }
        return facts;
    }

    Sections const& sections_;
    std::string platform_;
    PartDecoder decoder_;
    MemberIndex distribution_index_;
    std::vector<Habitat> distributions_; ///< by position in the index
    MemberIndex repository_index_;
    std::vector<Habitat> repositories_;
    MemberIndex environments_;
    MemberIndex packages_;
    std::deque<Place> places_; ///< a place never moves
    std::map<std::string_view, std::uint32_t> place_by_text_;
    std::vector<std::uint32_t> place_of_package_; ///< by position in packages_
    std::vector<MemberIndex> scores_;
    MemberIndex vulnerabilities_;
    std::vector<Pair> pairs_;
    VulnerabilityReport report_;
};

} // namespace

Result<VulnerabilityReport> decode_vulnerability_report(std::string& json,
                                                        image::Digest const& manifest,
                                                        std::string_view platform) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING); // simdjson reads beyond what it parses
    if (!simdjson::validate_utf8(json.data(), json.size()))
        return Error(ErrorKind::protocol, "the report is not UTF-8");
    auto const sections = TRY(sections_of(json));
    PartDecoder decoder;
    auto const hash = TRY(decoder.string(sections.manifest_hash));
    if (hash != manifest.text())
        return Error(ErrorKind::integrity,
                     cat("Clair answered about ", hash, " when asked about ", manifest.text()));
    return ReportDecoder(sections, platform).decode();
}

} // namespace clairgate::clair
