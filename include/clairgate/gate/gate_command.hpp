#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/policy.hpp>
#include <clairgate/report/report.hpp>

#include <filesystem>

namespace clairgate::gate {

/// A stored report judged again under `policy`. A report of a run that could not decide is an
/// error: only another scan can decide.
Result<report::Report>
judge_stored(std::filesystem::path const& file, policy::Policy const& policy, SystemTime now);

} // namespace clairgate::gate
