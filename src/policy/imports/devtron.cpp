#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>
#include <clairgate/policy/load.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

// Devtron's `GET security/policy/list?level=…&id=…`: the policies of one level, with the rows they
// inherit from others; or an array of such answers. Devtron lets an entry of a CVE win over any
// severity, whatever their levels.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

constexpr std::string_view order_note =
    "In Devtron an entry of a CVE wins over any severity: say precedence = \"devtron\" in "
    "global.toml.";

std::optional<finding::Severity> severity_of(std::string_view word) {
    constexpr std::pair<std::string_view, finding::Severity> words[] = {
        {"critical", finding::Severity::critical},
        {"high", finding::Severity::high},
        {"medium", finding::Severity::medium},
        {"moderate", finding::Severity::medium},
        {"low", finding::Severity::low},
        {"unknown", finding::Severity::unknown}};
    for (auto const& [name, severity] : words)
        if (name == word)
            return severity;
    return std::nullopt;
}

std::optional<Action> action_of(std::string_view word) {
    if (word == "allow")
        return Action::allow;
    if (word == "block")
        return Action::block;
    return word == "blockiffixed" ? std::optional(Action::block_if_fixed) : std::nullopt;
}

std::string_view why_no_action(std::string_view word) {
    return word == "inherit"
               ? "it says inherit, which in Devtron hides the broader levels and blocks nothing"
               : "its action is not known";
}

Error not_devtron(std::string_view why) {
    return {ErrorKind::protocol, cat("not a policy list of Devtron: ", why)};
}

// The member as a list; Devtron writes an empty one as null.
Result<json const*> list_of(json const& object, std::string_view key) {
    static json const nothing = json::array();
    auto const found = object.find(key);
    if (found == object.end() || found->is_null())
        return &nothing;
    if (!found->is_array())
        return not_devtron(cat(key, " is no list"));
    return &*found;
}

// One row of a policy: about a severity, or about a CVE.
struct Row {
    json const& row;
    bool is_cve;

    json const* permission() const {
        auto const found = row.is_object() ? row.find("policy") : row.end();
        return row.is_object() && found != row.end() && found->is_object() ? &*found : nullptr;
    }
    std::string action() const {
        auto const* const policy = permission();
        return policy == nullptr ? "" : text_of(*policy, "action");
    }
    bool is_inherited() const {
        auto const* const policy = permission();
        auto const found = policy == nullptr ? row.end() : policy->find("inherited");
        return policy != nullptr && found != policy->end() && *found == true;
    }
    std::string name() const {
        return is_cve ? text_of(row, "name") : cat("severity ", text_of(row, "severity"));
    }
    std::int64_t id() const {
        auto const found = row.is_object() ? row.find("id") : row.end();
        return row.is_object() && found != row.end() && found->is_number_integer()
                   ? found->get<std::int64_t>()
                   : 0;
    }
};

class Reader {
  public:
    Result<Draft> read(json const& document) {
        if (!document.is_array())
            TRY_VOID(answer(document));
        else
            for (auto const& one : document)
                TRY_VOID(answer(one));
        for (auto& [path, file] : files_)
            draft_.files.push_back(std::move(file));
        return std::move(draft_);
    }

  private:
    Result<void> answer(json const& document) {
        if (!document.is_object())
            return not_devtron("it is no object");
        auto const result = document.find("result");
        auto const& body = result == document.end() ? document : *result;
        if (!body.is_object() || !body.contains("policies"))
            return not_devtron("it has no policies");
        auto const level = text_of(body, "level");
        if (level != "global" && level != "cluster" && level != "environment" &&
            level != "application")
            return not_devtron(cat("its level is \"", printable(level, 60), "\""));
        auto const& list = *TRY(list_of(body, "policies"));
        if (list.empty())
            draft_.leave(cat("the policies of level ", level),
                         "there are none; apps of the chart store have none in Devtron");
        std::vector<Policy> policies;
        for (auto const& policy : list)
            policies.push_back(TRY(policy_of(level, policy)));
        auto const wide =
            level == "application" ? rows_of_whole_applications(policies) : std::set<std::string>();
        for (auto const& policy : policies)
            read_policy(level, policy, wide);
        return ok();
    }

    // The rows of one place: of everything, of a cluster, an environment or of an application in
    // an environment.
    struct Policy {
        std::string name;
        std::string application; ///< "" unless it is one of an application
        std::string path;        ///< "" when its name is none for a file
        std::vector<Row> rows;
        std::string key_of(Row const& row) const { return cat(application, "/", row.id()); }
    };

    static Result<Policy> policy_of(std::string_view level, json const& object) {
        if (!object.is_object())
            return not_devtron("one of its policies is no object");
        Policy policy;
        policy.name = text_of(object, "name");
        auto const slash = policy.name.find('/');
        if (level == "global") {
            policy.path = "global.toml";
        } else if (level != "application") {
            policy.path = is_level_name(policy.name) ? cat(level, "/", policy.name, ".toml") : "";
        } else if (slash != std::string::npos) {
            auto const environment = policy.name.substr(slash + 1);
            policy.application = policy.name.substr(0, slash);
            if (is_level_name(policy.application) && is_level_name(environment))
                policy.path = cat("application/", policy.application, "@", environment, ".toml");
        }
        for (auto const& row : *TRY(list_of(object, "severities")))
            policy.rows.push_back({row, false});
        for (auto const& row : *TRY(list_of(object, "cves")))
            policy.rows.push_back({row, true});
        return policy;
    }

    // A row without environment is listed with every environment of its application.
    static std::set<std::string> rows_of_whole_applications(std::vector<Policy> const& policies) {
        std::set<std::string> once;
        std::set<std::string> twice;
        for (auto const& policy : policies)
            for (auto const& row : policy.rows)
                if (row.id() != 0 && !row.is_inherited() && !once.insert(policy.key_of(row)).second)
                    twice.insert(policy.key_of(row));
        return twice;
    }

    void
    read_policy(std::string_view level, Policy const& policy, std::set<std::string> const& wide) {
        auto const where = level == "global" ? std::string(level) : cat(level, " ", policy.name);
        for (auto const& row : policy.rows) {
            auto const entry = cat(where, ": ", row.name());
            if (policy.path.empty()) {
                draft_.leave(entry,
                             "its level has a name that does not match [a-z0-9][a-z0-9._-]* here");
            } else if (row.is_inherited()) {
                draft_.leave(entry,
                             cat("it is of level ",
                                 text_of(row.row, "policyOrigin"),
                                 ": import the list of that level"));
            } else if (wide.contains(policy.key_of(row))) {
                if (seen_.insert(policy.key_of(row)).second)
                    read_row(row, entry, cat("application/", policy.application, ".toml"));
            } else {
                read_row(row, entry, policy.path);
            }
        }
    }

    void read_row(Row const& row, std::string const& entry, std::string const& path) {
        auto const action = action_of(row.action());
        if (!action)
            return draft_.leave(entry, why_no_action(row.action()));
        auto const severity = severity_of(text_of(row.row, "severity"));
        if (!row.is_cve && !severity)
            return draft_.leave(entry, "this severity does not exist here");
        if (row.is_cve && !is_vulnerability_id(row.name()))
            return draft_.leave(entry, not_an_id);
        auto const key = row.is_cve ? row.name() : std::string(finding::to_string(*severity));
        if (!said_.insert(cat(path, "\n", key)).second)
            return draft_.leave(entry, "it is said twice, and the first one counts");
        auto& file = file_at(path);
        if (!row.is_cve)
            file.severity.emplace(*severity, *action);
        else if (*action == Action::allow)
            file.waivers.push_back({{row.name()}, {}, {}, "", "", "", std::nullopt});
        else
            file.rules.push_back({row.name(), *action, "Devtron's policy of this vulnerability"});
    }

    DraftFile& file_at(std::string const& path) {
        auto& file = files_[path];
        if (file.path.empty()) {
            file.path = path;
            file.is_devtron = path == "global.toml";
            if (!file.is_devtron)
                file.notes.emplace_back(order_note);
        }
        return file;
    }

    std::map<std::string, DraftFile> files_;
    std::set<std::string> seen_; ///< rows of whole applications
    std::set<std::string> said_; ///< path and key
    Draft draft_;
};

} // namespace

Result<Draft> read_devtron(json const& document) {
    return Reader().read(document);
}

} // namespace clairgate::policy::imports
