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
#include <utility>

namespace clairgate::clair {

namespace {

// More pairs of package and vulnerability than any image has: beyond it memory is the limit.
constexpr std::size_t pairs_max = 500'000;
// What one vulnerability's facts may come to, copied for each of its packages.
constexpr std::size_t copied_bytes_max = 512 * limits::mib;
constexpr std::size_t package_bytes_max = 256 * limits::kib;
// Decoded once and kept, not again for each finding: more than any image has, and a bounded memory.
constexpr std::size_t packages_kept_max = 16'384;
constexpr std::size_t environment_bytes_max = 4 * limits::mib;

// The top-level members we read.
struct Sections {
    std::string_view manifest_hash;
    MemberIndex packages;
    MemberIndex distributions;
    MemberIndex repositories;
    MemberIndex environments;
    MemberIndex vulnerabilities;
    MemberIndex package_vulnerabilities;
    MemberIndex enrichments;
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

// One walk over the whole text: the sections' entries are found as it goes.
Result<Sections> sections_of(std::string_view json) {
    Sections sections;
    std::pair<std::string_view, MemberIndex*> const known[] = {
        {"manifest_hash", nullptr},
        {"packages", &sections.packages},
        {"distributions", &sections.distributions},
        {"repository", &sections.repositories},
        {"environments", &sections.environments},
        {"vulnerabilities", &sections.vulnerabilities},
        {"package_vulnerabilities", &sections.package_vulnerabilities},
        {"enrichments", &sections.enrichments}};
    std::array<bool, std::size(known)> seen{};
    JsonCursor cursor(json);
    bool is_open = false;
    while (TRY(cursor.step(is_open, '{', '}'))) {
        auto const key = TRY(cursor.key());
        auto const found = std::find_if(
            std::begin(known), std::end(known), [&](auto const& one) { return one.first == key; });
        if (found == std::end(known)) {
            TRY(cursor.value());
            continue;
        }
        if (std::exchange(seen.at(static_cast<std::size_t>(found - std::begin(known))), true))
            return Error(ErrorKind::protocol, cat("JSON key twice: \"", key, "\""));
        if (found->second != nullptr)
            *found->second = TRY(MemberIndex::at(cursor));
        else
            sections.manifest_hash = TRY(cursor.value());
    }
    TRY_VOID(cursor.end());
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (!seen.at(i) && known[i].first != "enrichments")
            return Error(ErrorKind::protocol, cat("the report has no \"", known[i].first, "\""));
    return sections;
}

std::size_t text_bytes_of(finding::Finding const& finding) {
    auto bytes = sizeof finding + finding.description.size();
    for (auto const& alias : finding.aliases)
        bytes += sizeof alias + alias.size();
    for (auto const& link : finding.links)
        bytes += sizeof link + link.size();
    return bytes;
}

class ReportDecoder {
  public:
    ReportDecoder(Sections sections, std::string_view platform)
        : sections_(std::move(sections)), platform_(platform) {}

    Result<VulnerabilityReport> decode() {
        TRY_VOID(read_places());
        TRY_VOID(read_packages());
        TRY_VOID(read_scores());
        TRY_VOID(read_pairs());
        TRY_VOID(read_findings());
        finding::normalise(report_.findings);
        report_.packages = sections_.packages.size();
        return std::move(report_);
    }

  private:
    // Positions in the sections.
    struct Pair {
        std::uint32_t vulnerability;
        std::uint32_t package;
        friend auto operator<=>(Pair const&, Pair const&) = default;
    };

    Result<void> read_places() {
        for (std::size_t i = 0; i < sections_.distributions.size(); ++i)
            distributions_.push_back(
                TRY(decode_distribution(decoder_, sections_.distributions.value(i))));
        for (std::size_t i = 0; i < sections_.repositories.size(); ++i)
            repositories_.push_back(
                TRY(decode_repository(decoder_, sections_.repositories.value(i))));
        return ok();
    }

    Result<Habitat> habitat_of(Environment const& environment) const {
        Habitat habitat;
        if (!environment.distribution_id.empty()) {
            auto const found = sections_.distributions.find(environment.distribution_id);
            if (found == MemberIndex::absent)
                return dangling("distribution", environment.distribution_id);
            habitat = distributions_[found];
        }
        // Older Clair lists all repositories of a layer for each of its packages.
        Habitat const* best = nullptr;
        Rank best_rank;
        for (auto const& id : environment.repository_ids) {
            auto const found = sections_.repositories.find(id);
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
        auto const found = sections_.environments.find(package_id);
        auto const text = found == MemberIndex::absent ? std::string_view("[]")
                                                       : sections_.environments.value(found);
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
        std::map<std::pair<std::string, std::string>, finding::EcosystemCoverage> ecosystems;
        place_of_package_.reserve(sections_.packages.size());
        kept_.reserve(std::min(sections_.packages.size(), packages_kept_max));
        for (std::size_t i = 0; i < sections_.packages.size(); ++i) {
            if (sections_.packages.value(i).size() > package_bytes_max)
                return Error(ErrorKind::limit, "a package of the report is too large");
            place_of_package_.push_back(TRY(place_of(sections_.packages.key(i))));
            TRY(package_at(i));
            if (kept_.size() < packages_kept_max)
                kept_.push_back(std::move(package_));
            auto const& place = places_[place_of_package_.back()];
            auto& coverage = ecosystems[{std::string(place.ecosystem.name), place.distribution}];
            coverage.ecosystem = place.ecosystem.name;
            coverage.distribution = place.distribution;
            coverage.is_supported = place.ecosystem.is_supported;
            ++coverage.packages;
        }
        sections_.environments = {}; // each package has its place now
        place_by_text_.clear();
        for (auto& [key, coverage] : ecosystems)
            report_.ecosystems.push_back(std::move(coverage));
        return ok();
    }

    // A package with all that its place tells of it; it stays until the next one is asked for.
    Result<finding::Package const*> package_at(std::size_t position) {
        if (position < kept_.size())
            return &kept_[position];
        auto const& place = places_[place_of_package_[position]];
        package_ = TRY(decode_package(decoder_, sections_.packages.value(position)));
        package_.ecosystem = place.ecosystem.name;
        package_.repository = place.habitat.repository_name;
        package_.purl = purl_of(package_, place.ecosystem, place.habitat);
        package_.purl.shrink_to_fit(); // it was written piece by piece
        return &package_;
    }

    // The CVSS enricher's maps of vulnerability id → scores; their text is decoded on use.
    Result<void> read_scores() {
        auto const& kinds = sections_.enrichments;
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
        auto const& lists = sections_.package_vulnerabilities;
        for (std::size_t i = 0; i < lists.size(); ++i) {
            auto const package = sections_.packages.find(lists.key(i));
            if (package == MemberIndex::absent)
                return dangling("package", lists.key(i));
            for (auto const& id : TRY(decoder_.strings(lists.value(i)))) {
                auto const found = sections_.vulnerabilities.find(id);
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

    // Each vulnerability is decoded once, however many packages have it: the pairs are in order.
    Result<void> read_findings() {
        report_.findings.reserve(pairs_.size());
        for (std::size_t i = 0; i < pairs_.size();) {
            auto const vulnerability = pairs_[i].vulnerability;
            TRY_VOID(read_facts(vulnerability));
            auto const fixed_in_version = facts_.fixed_version;
            auto const size_bytes = text_bytes_of(facts_);
            for (; i < pairs_.size() && pairs_[i].vulnerability == vulnerability; ++i) {
                copied_bytes_ += size_bytes;
                if (copied_bytes_ > copied_bytes_max)
                    return Error(ErrorKind::limit, "the report's findings are too large together");
                auto const package = pairs_[i].package;
                auto const& place = places_[place_of_package_[package]];
                auto& finding = report_.findings.emplace_back(facts_);
                finding.package = *TRY(package_at(package));
                finding.distribution = place.distribution;
                finding.layer = place.layer;
                finding.fixed_version =
                    fixed_version(fixed_in_version, place.ecosystem.is_language);
            }
        }
        return ok();
    }

    Result<void> read_facts(std::size_t vulnerability) {
        facts_ =
            TRY(decode_vulnerability(decoder_, sections_.vulnerabilities.value(vulnerability)));
        facts_.platform = platform_;
        for (auto const& scores : scores_) {
            auto const found = scores.find(sections_.vulnerabilities.key(vulnerability));
            if (found == MemberIndex::absent || !facts_.cvss.empty())
                continue;
            facts_.cvss = TRY(decode_cvss(decoder_, scores.value(found)));
        }
        bool const is_graded = facts_.vendor_severity != finding::Severity::unknown;
        if (!is_graded && !facts_.cvss.empty()) {
            facts_.severity = finding::severity_of_score(facts_.cvss.front().score);
            facts_.severity_source = "cvss";
        }
        return ok();
    }

    Sections sections_;
    std::string platform_;
    PartDecoder decoder_;
    std::vector<Habitat> distributions_; ///< by position in the index
    std::vector<Habitat> repositories_;
    std::deque<Place> places_; ///< a place never moves
    std::map<std::string_view, std::uint32_t> place_by_text_;
    std::vector<std::uint32_t> place_of_package_; ///< by position among the packages
    std::size_t copied_bytes_ = 0;
    finding::Finding facts_;             ///< of the vulnerability at hand
    finding::Package package_;           ///< the last one that is not among the kept
    std::vector<finding::Package> kept_; ///< the first `packages_kept_max` packages
    std::vector<MemberIndex> scores_;
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
    auto sections = TRY(sections_of(json));
    PartDecoder decoder;
    auto const hash = TRY(decoder.string(sections.manifest_hash));
    if (hash != manifest.text())
        return Error(ErrorKind::integrity,
                     cat("Clair answered about ", hash, " when asked about ", manifest.text()));
    return ReportDecoder(std::move(sections), platform).decode();
}

} // namespace clairgate::clair
