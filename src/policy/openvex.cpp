#include <clairgate/base/text.hpp>
#include <clairgate/policy/purl.hpp>
#include <clairgate/policy/vex_formats.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

using Status = VexStatement::Status;

// v0.0.x, which many documents still are, has strings where v0.2.0 has objects, and subcomponents
// beside the products instead of in them.
constexpr std::string_view contexts[] = {"https://openvex.dev/ns/v0.2.0",
                                         "https://openvex.dev/ns",
                                         "https://openvex.dev/ns/v0.0.0",
                                         "https://openvex.dev/ns/v0.0.1",
                                         "https://openvex.dev/ns/v0.0.2"};
constexpr VexWord statuses[] = {{"not_affected", Status::not_affected},
                                {"fixed", Status::fixed},
                                {"affected", Status::affected},
                                {"under_investigation", Status::under_investigation}};
constexpr std::string_view justifications[] = {"component_not_present",
                                               "vulnerable_code_not_present",
                                               "vulnerable_code_not_in_execute_path",
                                               "vulnerable_code_cannot_be_controlled_by_adversary",
                                               "inline_mitigations_already_exist"};
constexpr std::string_view statement_members[] = {"vulnerability",
                                                  "vuln_description",
                                                  "version",
                                                  "timestamp",
                                                  "last_updated",
                                                  "products",
                                                  "subcomponents",
                                                  "status",
                                                  "supplier",
                                                  "status_notes",
                                                  "justification",
                                                  "impact_statement",
                                                  "action_statement",
                                                  "action_statement_timestamp"};
constexpr std::string_view component_members[] = {
    "identifiers", "hashes", "supplier", "subcomponents"};

// Spec, appendix A: the hashes that can be an image's digest.
struct Hash {
    std::string_view key;
    std::string_view algorithm;
};
constexpr Hash hashes[] = {{"sha-256", "sha256:"}, {"sha-512", "sha512:"}};

bool is_any_image(std::string const& name) {
    auto const purl = Purl::parse(name);
    return purl && purl->type() == "oci" && purl->version().empty();
}

// All names of a product or subcomponent.
Result<std::vector<std::string>> names_of(FactNode const& node) {
    std::vector<std::string> names;
    if (!node.is_object()) {
        TRY_VOID(add_vex_product(names, node, TRY(node.text())));
        return names;
    }
    TRY_VOID(node.only(component_members));
    auto iri = TRY(node.text("@id"));
    if (!iri.empty())
        TRY_VOID(add_vex_product(names, node, std::move(iri)));
    if (auto const identifiers = TRY(node.object("identifiers")))
        for (auto const& [key, value] : identifiers->value().items())
            TRY_VOID(add_vex_product(names, node, TRY(identifiers->text(key))));
    if (names.empty())
        return node.wrong({}, "has neither @id nor identifiers");
    auto const digests = TRY(node.object("hashes"));
    for (auto const& hash : hashes) {
        auto const hex = digests ? TRY(digests->text(hash.key)) : std::string();
        if (hex.empty())
            continue;
        // With a digest it is one image, not all that its repository ever holds.
        std::erase_if(names, is_any_image);
        TRY_VOID(add_vex_product(names, node, cat(hash.algorithm, to_lower(hex))));
    }
    return names;
}

Result<std::vector<std::string>> subcomponents_of(FactNode const& node) {
    std::vector<std::string> all;
    for (auto const& item : TRY(node.items("subcomponents"))) {
        auto names = TRY(names_of(item));
        std::move(names.begin(), names.end(), std::back_inserter(all));
    }
    return all;
}

Result<void> read_vulnerability(FactNode const& node, VexStatement& statement) {
    auto const vulnerability = node.member("vulnerability");
    if (!vulnerability)
        return node.wrong("vulnerability", "is missing");
    if (!vulnerability->is_object())
        return add_vex_id(statement, *vulnerability);
    auto const name = vulnerability->member("name");
    if (!name)
        return vulnerability->wrong("name", "is missing");
    TRY_VOID(add_vex_id(statement, *name));
    for (auto const& alias : TRY(vulnerability->items("aliases")))
        TRY_VOID(add_vex_id(statement, alias));
    return ok();
}

// All of a statement but its products.
Result<VexStatement> read_claim(FactNode const& node, std::optional<SystemTime> inherited) {
    TRY_VOID(node.only(statement_members));
    VexStatement claim;
    claim.place = node.place();
    TRY_VOID(read_vulnerability(node, claim));
    claim.status = TRY(vex_status(node, "status", statuses));
    claim.justification = TRY(vex_label(node, "justification", justifications));
    claim.statement = TRY(node.text("impact_statement"));
    if (claim.status == Status::not_affected && claim.justification.empty() &&
        claim.statement.empty())
        return node.wrong({}, "is not_affected without a justification or impact_statement");
    if (claim.statement.empty())
        claim.statement = TRY(node.text("status_notes"));
    auto const time = TRY(node.time("timestamp"));
    claim.time = time ? time : inherited;
    if (!claim.time)
        return node.wrong("timestamp", "is missing, and the document has none");
    return claim;
}

Result<void> read_statement(FactNode const& node, VexDocument& document) {
    auto const claim = TRY(read_claim(node, document.time));
    auto const common = TRY(subcomponents_of(node));
    auto const products = TRY(node.items("products"));
    if (products.empty())
        return node.wrong("products", "is empty: it would be about nothing");
    auto whole = claim; // the products without subcomponents are one statement
    for (auto const& product : products) {
        auto names = TRY(names_of(product));
        auto parts = TRY(subcomponents_of(product));
        if (parts.empty())
            parts = common;
        if (parts.empty()) {
            std::move(names.begin(), names.end(), std::back_inserter(whole.products));
            continue;
        }
        auto& statement = document.statements.emplace_back(claim);
        statement.products = std::move(names);
        statement.subcomponents = std::move(parts);
    }
    if (!whole.products.empty())
        document.statements.push_back(std::move(whole));
    return ok();
}

} // namespace

Result<VexDocument> openvex_document(FactNode const& root) {
    auto const context = TRY(root.required_text("@context"));
    if (std::find(std::begin(contexts), std::end(contexts), context) == std::end(contexts))
        return root.wrong("@context", "is not a version of OpenVEX up to v0.2.0");
    VexDocument document;
    document.id = TRY(root.required_text("@id"));
    document.author = TRY(root.required_text("author"));
    document.time = TRY(root.time("timestamp"));
    auto const statements = TRY(root.items("statements"));
    if (statements.empty())
        return root.wrong("statements", "is empty");
    if (statements.size() > VexDocument::statements_max)
        return root.wrong("statements", cat("has more than ", VexDocument::statements_max));
    for (auto const& statement : statements)
        TRY_VOID(read_statement(statement, document));
    return document;
}

} // namespace clairgate::policy
