#pragma once

#include <clairgate/report/json_writer.hpp>
#include <clairgate/report/record.hpp>

#include <optional>
#include <string>

/// The larger members of report.json, each with its own file.
namespace clairgate::report {

std::optional<std::string> time_text(std::optional<SystemTime> time);
/// Where an opinion stands, as an object.
void write_place(JsonWriter& json, policy::Origin const& origin);
void write_judgement(JsonWriter& json, policy::Judgement const& judgement);
/// `findings`: every fact that a condition may read, and the decision in words.
void write_findings(JsonWriter& json, Record const& record);
/// `image`: what was scanned, its layers and the image below it.
void write_image(JsonWriter& json, Record const& record);
/// `comparison`: null where no baseline was given.
void write_comparison(JsonWriter& json, std::optional<Comparison> const& comparison);
/// `policy`: which files with which bytes, and what they say of themselves.
void write_policy(JsonWriter& json, PolicyAccount const& policy);
/// `budget`, `exceptions` and `rules`: empty where nothing was decided.
void write_budget(JsonWriter& json, Account const& account);
void write_exceptions(JsonWriter& json, Account const& account);
void write_rules(JsonWriter& json, Account const& account);

} // namespace clairgate::report
