#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex_formats.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace clairgate::policy {

namespace {

using Status = VexStatement::Status;

constexpr std::string_view major = "1.";
constexpr std::uint64_t minor_min = 4; // the first one with vulnerabilities
constexpr VexWord states[] = {{"not_affected", Status::not_affected},
                              {"false_positive", Status::not_affected},
                              {"resolved", Status::fixed},
                              {"resolved_with_pedigree", Status::fixed},
                              {"exploitable", Status::affected},
                              {"in_triage", Status::under_investigation}};
constexpr std::string_view justifications[] = {"code_not_present",
                                               "code_not_reachable",
                                               "requires_configuration",
                                               "requires_dependency",
                                               "requires_environment",
                                               "protected_by_compiler",
                                               "protected_at_runtime",
                                               "protected_at_perimeter",
                                               "protected_by_mitigating_control"};
constexpr std::string_view affects_members[] = {"ref", "versions"};

// The names of a document's components by their bom-ref, and what the document is about.
struct Components {
    std::map<std::string, std::string> names;
    std::string root; // name of metadata.component, "" without one
    std::string root_ref;
};

// A purl, else the digest that stands as a container's version (as Syft writes it), else the ref.
Result<std::string> name_of(FactNode const& component) {
    auto purl = TRY(component.text("purl"));
    if (!purl.empty())
        return purl;
    auto version = TRY(component.text("version"));
    if (TRY(component.text("type")) == "container" && version.starts_with("sha256:"))
        return version;
    auto ref = TRY(component.text("bom-ref"));
    return ref.empty() ? component.required_text("name") : Result<std::string>(std::move(ref));
}

Result<Components> components_of(FactNode const& root, std::optional<FactNode> const& metadata) {
    Components out;
    auto pending = TRY(root.items("components"));
    if (auto const subject = metadata ? TRY(metadata->object("component")) : std::nullopt) {
        out.root = TRY(name_of(*subject));
        out.root_ref = TRY(subject->text("bom-ref"));
        pending.push_back(*subject);
    }
    while (!pending.empty()) {
        auto const component = pending.back();
        pending.pop_back();
        auto ref = TRY(component.text("bom-ref"));
        auto inner = TRY(component.items("components"));
        std::move(inner.begin(), inner.end(), std::back_inserter(pending));
        if (ref.empty())
            continue;
        if (!out.names.emplace(std::move(ref), TRY(name_of(component))).second)
            return component.wrong("bom-ref", "stands for two components");
    }
    return out;
}

Result<std::string> author_of(FactNode const& metadata) {
    std::vector<std::string> authors;
    for (auto const& author : TRY(metadata.items("authors"))) {
        auto name = TRY(author.text("name"));
        if (name.empty())
            name = TRY(author.text("email"));
        if (!name.empty())
            authors.push_back(std::move(name));
    }
    if (!authors.empty())
        return join(authors, ", ");
    for (std::string_view const key : {"manufacturer", "manufacture", "supplier"}) { // 1.6, older
        auto const organisation = TRY(metadata.object(key));
        auto name = organisation ? TRY(organisation->text("name")) : std::string();
        if (!name.empty())
            return name;
    }
    return std::string();
}

Result<std::optional<SystemTime>> time_of(FactNode const& analysis,
                                          std::optional<SystemTime> inherited) {
    for (std::string_view const key : {"lastUpdated", "firstIssued"})
        if (auto const time = TRY(analysis.time(key)))
            return time;
    return inherited;
}

// All of a statement but its products.
Result<VexStatement>
read_claim(FactNode const& node, FactNode const& analysis, std::optional<SystemTime> inherited) {
    VexStatement claim;
    claim.place = node.place();
    auto const id = node.member("id");
    if (!id)
        return node.wrong("id", "is missing");
    TRY_VOID(add_vex_id(claim, *id));
    for (auto const& reference : TRY(node.items("references")))
        if (auto const other = reference.member("id"))
            TRY_VOID(add_vex_id(claim, *other));
    claim.status = TRY(vex_status(analysis, "state", states));
    claim.justification = TRY(vex_label(analysis, "justification", justifications));
    claim.statement = TRY(analysis.text("detail"));
    claim.time = TRY(time_of(analysis, inherited));
    return claim;
}

Result<void> read_vulnerability(FactNode const& node,
                                FactNode const& analysis,
                                Components const& components,
                                VexDocument& document) {
    auto whole = TRY(read_claim(node, analysis, document.time));
    auto part = whole;
    for (auto const& affected : TRY(node.items("affects"))) {
        TRY_VOID(affected.only(affects_members));
        auto const ref = TRY(affected.required_text("ref"));
        // Ranges are not evaluated: they lift nothing, and worry about every version.
        if (!TRY(affected.items("versions")).empty() && whole.suppresses())
            continue;
        auto const found = components.names.find(ref);
        auto name = found == components.names.end() ? ref : found->second;
        bool const is_root = components.root.empty() || ref == components.root_ref;
        TRY_VOID(add_vex_product(
            is_root ? whole.products : part.subcomponents, affected, std::move(name)));
    }
    bool const is_about_parts = !part.subcomponents.empty();
    if (is_about_parts) {
        TRY_VOID(add_vex_product(part.products, node, components.root));
        document.statements.push_back(std::move(part));
    }
    if (!whole.products.empty() || !is_about_parts)
        document.statements.push_back(std::move(whole));
    return ok();
}

bool is_known_version(std::string_view version) {
    if (!version.starts_with(major))
        return false;
    auto const minor = parse_unsigned(version.substr(major.size()));
    return minor && *minor >= minor_min;
}

} // namespace

Result<VexDocument> cyclonedx_document(FactNode const& root) {
    auto const version = TRY(root.required_text("specVersion"));
    if (!is_known_version(version))
        return root.wrong("specVersion", "is not a version of CycloneDX from 1.4 on");
    VexDocument document;
    document.id = TRY(root.text("serialNumber"));
    auto const metadata = TRY(root.object("metadata"));
    if (metadata) {
        document.author = TRY(author_of(*metadata));
        document.time = TRY(metadata->time("timestamp"));
    }
    auto const components = TRY(components_of(root, metadata));
    auto const vulnerabilities = TRY(root.items("vulnerabilities"));
    if (vulnerabilities.size() > VexDocument::statements_max)
        return root.wrong("vulnerabilities", cat("has more than ", VexDocument::statements_max));
    for (auto const& vulnerability : vulnerabilities) {
        auto const analysis = TRY(vulnerability.object("analysis"));
        if (analysis && analysis->member("state")) // else it says nothing about an impact
            TRY_VOID(read_vulnerability(vulnerability, *analysis, components, document));
    }
    if (document.statements.empty())
        return root.wrong("vulnerabilities", "has no analysis with a state");
    return document;
}

} // namespace clairgate::policy
