#pragma once

#include <clairgate/policy/fact_json.hpp>
#include <clairgate/policy/vex.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// The formats behind `parse_vex`, which says what they refuse; each gets the whole document.
Result<VexDocument> openvex_document(FactNode const& root);
Result<VexDocument> cyclonedx_document(FactNode const& root);

/// A word of a format's vocabulary for a status.
struct VexWord {
    std::string_view word;
    VexStatement::Status status;
};
/// The status that a member names; kind policy with a suggestion for any other word.
Result<VexStatement::Status>
vex_status(FactNode const& node, std::string_view key, std::span<VexWord const> words);

/// The label that a member holds, one of these; "" when it is absent.
Result<std::string>
vex_label(FactNode const& node, std::string_view key, std::span<std::string_view const> labels);

/// Adds the id of a vulnerability, a string; kind policy when it is no plain word.
Result<void> add_vex_id(VexStatement& statement, FactNode const& id);

/// Adds what names a product or a part of one; kind policy, about the node, when it is too long.
Result<void>
add_vex_product(std::vector<std::string>& names, FactNode const& node, std::string name);

} // namespace clairgate::policy
