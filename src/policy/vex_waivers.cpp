#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex_match.hpp>
#include <clairgate/policy/vex_waivers.hpp>

#include <algorithm>
#include <memory>

namespace clairgate::policy {

namespace {

// Owned by the conditions that look things up in it.
struct Heard {
    explicit Heard(std::vector<VexDocument> heard)
        : documents(std::move(heard)), index(documents) {}
    std::vector<VexDocument> documents;
    VexIndex index;
};

// What the finding is called. An advisory about several CVEs is not lifted by what is said of one.
std::vector<std::string> ids_of(finding::Finding const& finding) {
    auto const is_cve = [](std::string const& id) { return id.starts_with("CVE-"); };
    auto const cves = std::count_if(finding.aliases.begin(), finding.aliases.end(), is_cve) +
                      (is_cve(finding.id) ? 1 : 0);
    std::vector<std::string> ids{finding.id};
    for (auto const& alias : finding.aliases)
        if (cves <= 1 || !is_cve(alias))
            ids.push_back(alias);
    return ids;
}

// Whether this statement is the one that counts for the finding: it is about it, and no later one
// says otherwise.
Truth is_effective(Heard const& heard, VexStatement const& statement, Facts const& facts) {
    auto const& finding = facts.finding;
    auto const* const effective = heard.index.effective(
        ids_of(finding), facts.repository, facts.digests, finding.package.purl, finding.platform);
    return truth_of(effective == &statement);
}

std::string reason_of(VexStatement const& statement) {
    auto reason = std::string(to_string(statement.status));
    if (!statement.justification.empty())
        reason += cat(", ", statement.justification);
    if (!statement.statement.empty())
        reason += cat(": ", statement.statement);
    return reason;
}

} // namespace

void add_vex_waivers(Policy& policy, std::vector<VexSource> const& sources) {
    CLAIRGATE_ASSERT(!policy.layers.empty());
    if (sources.empty())
        return;
    std::vector<VexDocument> documents;
    for (auto const& source : sources)
        documents.push_back(source.document);
    // Shared by the conditions, which are copied with the policy.
    auto const heard = std::make_shared<Heard const>(std::move(documents));
    // Never a level that owns the floor: its locks must hold against a statement from outside.
    if (policy.layers.back().level < Level::application) {
        Layer layer;
        layer.level = Level::application;
        policy.layers.push_back(std::move(layer));
    }
    auto& layer = policy.layers.back();
    for (std::size_t i = 0; i < sources.size(); ++i) {
        for (auto const& statement : heard->documents[i].statements) {
            if (!statement.suppresses())
                continue;
            Waiver waiver;
            waiver.ids = statement.ids;
            waiver.reason = reason_of(statement);
            waiver.owner = heard->documents[i].author;
            waiver.is_vex = true;
            waiver.origin = {layer.level,
                             sources[i].file,
                             0,
                             0,
                             cat("vex ", statement.ids.front(), " ", statement.place)};
            waiver.scope.push_back(
                {"vex", cat("vex ", statement.place), [heard, &statement](Facts const& facts) {
                     return is_effective(*heard, statement, facts);
                 }});
            layer.waivers.push_back(std::move(waiver));
        }
    }
}

} // namespace clairgate::policy
