#pragma once

#include <string>

namespace clairgate::policy {

/// A JSON Schema (draft 2020-12) of a policy file of any level, for editors. Made of the tables
/// that the readers go by: a new condition, key or word is in it by itself.
std::string file_schema();

} // namespace clairgate::policy
