#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex.hpp>
#include <clairgate/policy/vex_formats.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t quoted_bytes_max = 60;

// A name that reads as another one is worse than none.
bool is_plain_word(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool starts_with(FactNode const& root, std::string_view key, std::string_view prefix) {
    auto const text = root.text(key);
    return text.has_value() && text->starts_with(prefix);
}

Error unknown_word(FactNode const& node,
                   std::string_view key,
                   std::string_view word,
                   std::span<std::string_view const> known) {
    return node.wrong(key,
                      cat("is not known: \"",
                          printable(word, quoted_bytes_max),
                          "\"",
                          did_you_mean(word, known)));
}

} // namespace

std::string_view to_string(VexStatement::Status status) {
    switch (status) {
    case VexStatement::Status::not_affected:
        return "not_affected";
    case VexStatement::Status::fixed:
        return "fixed";
    case VexStatement::Status::affected:
        return "affected";
    case VexStatement::Status::under_investigation:
        return "under_investigation";
    }
    return "";
}

Result<VexStatement::Status>
vex_status(FactNode const& node, std::string_view key, std::span<VexWord const> words) {
    auto const word = TRY(node.required_text(key));
    std::vector<std::string_view> known;
    for (auto const& candidate : words) {
        if (candidate.word == word)
            return candidate.status;
        known.push_back(candidate.word);
    }
    return unknown_word(node, key, word, known);
}

Result<std::string>
vex_label(FactNode const& node, std::string_view key, std::span<std::string_view const> labels) {
    auto label = TRY(node.text(key));
    if (label.empty() || std::find(labels.begin(), labels.end(), label) != labels.end())
        return label;
    return unknown_word(node, key, label, labels);
}

Result<void> add_vex_id(VexStatement& statement, FactNode const& id) {
    auto text = TRY(id.text());
    if (!is_plain_word(text) || text.size() > VexDocument::id_bytes_max)
        return id.wrong({}, "is not the id of a vulnerability");
    if (std::find(statement.ids.begin(), statement.ids.end(), text) == statement.ids.end())
        statement.ids.push_back(std::move(text));
    return ok();
}

Result<void>
add_vex_product(std::vector<std::string>& names, FactNode const& node, std::string name) {
    if (name.size() > VexDocument::product_bytes_max)
        return node.wrong({}, "has a name that is too long");
    names.push_back(std::move(name));
    return ok();
}

Result<VexDocument> parse_vex(std::string_view json) {
    auto const value = TRY(parse_fact_json(json, VexDocument::bytes_max));
    FactNode const root(value);
    if (starts_with(root, "@context", "https://openvex.dev/ns"))
        return openvex_document(root);
    if (starts_with(root, "bomFormat", "CycloneDX"))
        return cyclonedx_document(root);
    return root.wrong({}, "is no VEX document that is read here")
        .with_remedy("give OpenVEX (\"@context\": \"https://openvex.dev/ns/v0.2.0\") or CycloneDX "
                     "(\"bomFormat\": \"CycloneDX\") as JSON");
}

} // namespace clairgate::policy
