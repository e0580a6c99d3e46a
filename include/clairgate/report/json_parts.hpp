#pragma once

#include <clairgate/report/json_writer.hpp>
#include <clairgate/report/report.hpp>

#include <optional>
#include <string>

/// The larger members of report.json, each with its own file.
namespace clairgate::report {

std::optional<std::string> time_text(std::optional<SystemTime> time);
void write_judgement(JsonWriter& json, policy::Judgement const& judgement);
/// `findings`: every fact that a condition may read, and the decision in words.
void write_findings(JsonWriter& json, Report const& report);
/// `policy`: which files with which bytes, and what they say of themselves.
void write_policy(JsonWriter& json, policy::Policy const& policy);
/// `budget` and `exceptions`: empty where nothing was decided.
void write_budget(JsonWriter& json, Report const& report);
void write_exceptions(JsonWriter& json, Report const& report);

} // namespace clairgate::report
