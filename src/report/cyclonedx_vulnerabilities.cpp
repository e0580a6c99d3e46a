#include <clairgate/base/text.hpp>
#include <clairgate/report/cyclonedx_parts.hpp>
#include <clairgate/report/exception_words.hpp>
#include <clairgate/report/links.hpp>

#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_map>

namespace clairgate::report::cyclonedx {

namespace {

using finding::Severity;

// Everything that a vulnerability's object says: findings that agree in it share one.
auto facts_of(finding::Finding const& f) {
    return std::tie(f.id,
                    f.updater,
                    f.fixed_version,
                    f.severity,
                    f.severity_source,
                    f.published,
                    f.description,
                    f.aliases,
                    f.links,
                    f.cvss,
                    f.epss,
                    f.is_known_exploited,
                    f.is_new);
}
auto facts_of(Decided const& d) {
    return std::tie(d.action, d.rule, d.lock, d.is_waived, d.is_assumed, d.sentence, d.turns_red);
}

struct SameFacts {
    Record const& record;
    bool operator()(std::uint32_t a, std::uint32_t b) const {
        if (facts_of(record.findings()[a]) != facts_of(record.findings()[b]))
            return false;
        auto const* const first = record.decision(a);
        auto const* const second = record.decision(b);
        return first == nullptr || second == nullptr || facts_of(*first) == facts_of(*second);
    }
};

struct FactsHash {
    Record const& record;
    std::size_t operator()(std::uint32_t i) const {
        auto const& finding = record.findings()[i];
        std::hash<std::string_view> const hash;
        constexpr std::size_t odd = 0x9E3779B97F4A7C15U;
        return (hash(finding.id) * odd + hash(finding.fixed_version)) * odd + hash(finding.updater);
    }
};

// The findings of one vulnerability object: a chain in the record's order.
struct Group {
    std::uint32_t first;
    std::uint32_t last;
    std::uint32_t number; // among the groups of the same id, from 1
};

struct Groups {
    std::vector<Group> all;
    std::vector<std::uint32_t> next; // of each finding; itself at the end

    explicit Groups(Record const& record) {
        auto const count = record.findings().size();
        std::unordered_map<std::uint32_t, std::uint32_t, FactsHash, SameFacts> places(
            count, FactsHash{record}, SameFacts{record});
        std::unordered_map<std::string_view, std::uint32_t> numbers;
        next.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            next.push_back(i);
            auto const [found, is_fresh] =
                places.try_emplace(i, static_cast<std::uint32_t>(all.size()));
            if (is_fresh) {
                all.push_back({i, i, ++numbers[record.findings()[i].id]});
            } else {
                auto& group = all[found->second];
                next[group.last] = i;
                group.last = i;
            }
        }
    }
};

std::string_view severity_word(Severity severity) {
    return severity == Severity::negligible ? std::string_view("info")
                                            : finding::to_string(severity);
}

std::string_view method_of(std::string_view version) {
    return version == "2.0"   ? "CVSSv2"
           : version == "3.0" ? "CVSSv3"
           : version == "3.1" ? "CVSSv31"
           : version == "4.0" ? "CVSSv4"
                              : "other";
}

void write_ratings(JsonWriter& json, finding::Finding const& finding) {
    json.begin_array();
    json.begin_object(); // what policy read
    json.member("severity", severity_word(finding.severity));
    json.key("source");
    json.begin_object();
    json.member("name", finding.severity_source == "cvss" ? "CVSS" : finding.updater);
    json.end_object();
    json.end_object();
    for (auto const& cvss : finding.cvss) {
        json.begin_object();
        json.member("method", method_of(cvss.version));
        json.member("score", cvss.score);
        json.member("severity",
                    cvss.score == 0 ? std::string_view("none")
                                    : severity_word(finding::severity_of_score(cvss.score)));
        json.member("vector", cvss.vector);
        json.end_object();
    }
    json.end_array();
}

// Who gives out ids that begin like this, and its page about one of them.
struct Namer {
    std::string_view prefix;
    std::string_view name;
    std::string_view page;
};
constexpr Namer namers[] = {
    {"CVE-", "NVD", "https://nvd.nist.gov/vuln/detail/"},
    {"GHSA-", "GitHub", "https://github.com/advisories/"},
    {"GO-", "Go", "https://pkg.go.dev/vuln/"},
    {"PYSEC-", "PyPA", "https://osv.dev/vulnerability/"},
    {"RHSA-", "Red Hat", "https://access.redhat.com/errata/"},
    {"USN-", "Ubuntu", "https://ubuntu.com/security/notices/"},
    {"DSA-", "Debian", "https://security-tracker.debian.org/tracker/"},
    {"DLA-", "Debian", "https://security-tracker.debian.org/tracker/"},
};

void write_references(JsonWriter& json, finding::Finding const& finding) {
    json.begin_array();
    for (auto const& alias : finding.aliases) {
        Namer const* namer = nullptr;
        for (auto const& one : namers)
            if (alias.starts_with(one.prefix))
                namer = &one;
        json.begin_object();
        json.member("id", alias);
        json.key("source");
        json.begin_object();
        json.member("name", namer == nullptr ? std::string_view(finding.updater) : namer->name);
        if (namer != nullptr) {
            auto const page = cat(namer->page, alias);
            if (auto const url = https_url(page))
                json.member("url", *url);
        }
        json.end_object();
        json.end_object();
    }
    json.end_array();
}

// The objects of one document.
class Vulnerabilities {
  public:
    Vulnerabilities(JsonWriter& json, Record const& record, Components const& components)
        : json_(json), record_(record), components_(components), groups_(record),
          waivings_(record.account()) {
        for (auto const& rule : record.account().rules)
            places_.push_back(place_words(rule.origin));
    }

    void write() {
        json_.begin_array();
        for (auto const& group : groups_.all)
            write_one(group);
        json_.end_array();
    }

  private:
    void write_one(Group const& group) {
        auto const& finding = record_.findings()[group.first];
        auto const* const decided = record_.decision(group.first);
        json_.begin_object();
        auto const* const link = write_advisories(finding);
        write_affects(group);
        if (decided != nullptr)
            write_analysis(*decided);
        scratch_.assign("vulnerability:");
        scratch_ += finding.id;
        text::append(scratch_, ' ');
        text::append(scratch_, group.number);
        json_.member("bom-ref", scratch_);
        if (!finding.description.empty())
            json_.member("description", finding.description);
        json_.member("id", finding.id);
        json_.key("properties");
        write_properties(finding, decided);
        if (finding.published)
            json_.member("published", to_rfc3339(*finding.published));
        json_.key("ratings");
        write_ratings(json_, finding);
        if (!finding.fixed_version.empty())
            write_recommendation(group);
        if (!finding.aliases.empty()) {
            json_.key("references");
            write_references(json_, finding);
        }
        json_.key("source");
        json_.begin_object();
        json_.member("name", finding.updater);
        if (link != nullptr)
            json_.member("url", *link);
        json_.end_object();
        json_.end_object();
    }

    // Returns the first link, nullptr when there is none.
    std::string const* write_advisories(finding::Finding const& finding) {
        std::string const* first = nullptr;
        for (auto const& link : finding.links) {
            if (!https_url(link))
                continue;
            if (first == nullptr) {
                first = &link;
                json_.key("advisories");
                json_.begin_array();
            }
            json_.begin_object();
            json_.member("url", link);
            json_.end_object();
        }
        if (first != nullptr)
            json_.end_array();
        return first;
    }

    template <class Visit>
    void each_of(Group const& group, Visit const& visit) const {
        for (auto i = group.first;; i = groups_.next[i]) {
            visit(i);
            if (i == group.last)
                return;
        }
    }

    // Without `versions`: the component has its version, and a range would be a claim about others.
    void write_affects(Group const& group) {
        json_.key("affects");
        json_.begin_array();
        std::string_view last;
        each_of(group, [&](std::size_t i) {
            auto const ref = components_.ref(i);
            if (ref == last)
                return;
            last = ref;
            json_.begin_object();
            json_.member("ref", ref);
            json_.end_object();
        });
        json_.end_array();
    }

    // What is known and no more. `not_affected` and `resolved` only where a VEX document said so;
    // who accepts a risk for a time may be exploitable, and has not said that it will not fix it.
    void write_analysis(Decided const& decided) {
        json_.key("analysis");
        json_.begin_object();
        auto const* const use = waivings_.of(decided);
        if (use == nullptr) {
            json_.member("detail", decided.sentence);
            json_.member("state", decided.is_waived ? "exploitable" : "in_triage");
        } else {
            json_.member("detail", exception_sentence(*use));
            auto const said = vex_claim(*use);
            bool const is_unaffected =
                said && said->status == policy::VexStatement::Status::not_affected;
            if (is_unaffected) {
                auto const label = cyclonedx_justification(said->justification);
                if (!label.empty())
                    json_.member("justification", label);
            }
            json_.member("state",
                         !said           ? "exploitable"
                         : is_unaffected ? "not_affected"
                                         : "resolved");
        }
        json_.end_object();
    }

    void write_properties(finding::Finding const& finding, Decided const* decided) {
        json_.begin_array();
        if (decided != nullptr) {
            auto const& rule = record_.account().rules[decided->by()];
            write_property(json_, "clairgate:action", policy::to_string(decided->action));
            write_property(json_, "clairgate:rule", rule.text);
            write_property(json_, "clairgate:place", places_[decided->by()]);
            if (decided->is_waived) // else it is the detail of the analysis
                write_property(json_, "clairgate:sentence", decided->sentence);
            if (decided->turns_red)
                write_property(json_, "clairgate:turns_red", to_rfc3339(*decided->turns_red));
        }
        write_known(json_, "clairgate:fixed_version", finding.fixed_version);
        if (finding.is_known_exploited)
            write_property(
                json_, "clairgate:known_exploited", *finding.is_known_exploited ? "true" : "false");
        if (record_.comparison())
            write_property(json_, "clairgate:new", finding.is_new ? "true" : "false");
        json_.end_array();
    }

    void write_recommendation(Group const& group) {
        constexpr std::size_t names_max = 10;
        std::vector<std::string_view> names;
        each_of(group, [&](std::size_t i) { names.push_back(record_.findings()[i].package.name); });
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        scratch_.assign("upgrade ");
        for (std::size_t i = 0; i < std::min(names.size(), names_max); ++i) {
            scratch_ += i == 0 ? "" : ", ";
            scratch_ += names[i];
        }
        if (names.size() > names_max)
            scratch_ += cat(" and ", names.size() - names_max, " more");
        scratch_ += " to ";
        scratch_ += record_.findings()[group.first].fixed_version;
        json_.member("recommendation", scratch_);
    }

    JsonWriter& json_;
    Record const& record_;
    Components const& components_;
    Groups groups_;
    Waivings waivings_;
    std::vector<std::string> places_; // of the account's rules
    std::string scratch_;
};

} // namespace

void write_vulnerabilities(JsonWriter& json, Record const& record, Components const& components) {
    Vulnerabilities(json, record, components).write();
}

} // namespace clairgate::report::cyclonedx
