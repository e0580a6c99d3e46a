#pragma once

#include <clairgate/report/formats.hpp>
#include <clairgate/report/stored_json.hpp>

namespace clairgate::report::stored {

/// The account that report.json holds beside the facts of `report`, which was read from the same
/// document. It must agree with itself: the verdict is not milder than what it says of findings,
/// coverage and budget, the counts are those of the findings. Kind protocol.
Result<Account> account(Json root, StoredReport const& report);

} // namespace clairgate::report::stored
