#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/git_clone.hpp>

#include <git2.h>

#if defined(__SANITIZE_ADDRESS__)
// libgit2 1.5 loses one match of a pattern for every setting of a clone that has extensions.
extern "C" char const* __lsan_default_suppressions();
extern "C" char const* __lsan_default_suppressions() {
    return "leak:libpcre2-8.so";
}
#endif

namespace clairgate::gate {

namespace {

constexpr std::size_t tree_bytes_max = 4 * limits::mib;
constexpr std::size_t commit_bytes_max = limits::mib;

template <auto free_function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};
template <class T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

// libgit2 set up to read objects: nobody's configuration, hashes checked, any owner.
class Library {
  public:
    Library() {
        CLAIRGATE_ASSERT(git_libgit2_init() > 0);
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
        for (int const level : {GIT_CONFIG_LEVEL_PROGRAMDATA,
                                GIT_CONFIG_LEVEL_SYSTEM,
                                GIT_CONFIG_LEVEL_XDG,
                                GIT_CONFIG_LEVEL_GLOBAL})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        // Of no concern to whoever reads what is there: partial and sparse clones.
        char const* harmless[] = {"partialclone", "worktreeconfig", "preciousobjects"};
        git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless, std::size(harmless));
    }
    Library(Library const&) = delete;
    Library& operator=(Library const&) = delete;
    ~Library() { git_libgit2_shutdown(); }
};

std::string last_words() {
    auto const* const error = git_error_last();
    return error == nullptr ? "no reason given" : error->message;
}

std::string text_of(git_oid const& id) {
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &id);
}

// libgit2 1.5 knows SHA-1 ids alone, and opens no clone with others.
std::optional<git_oid> id_of(std::string_view text) {
    git_oid id;
    if (text.size() != GIT_OID_HEXSZ || git_oid_fromstrn(&id, text.data(), text.size()) != 0)
        return std::nullopt;
    return id;
}

// By raw mode: git normalises odd ones, and a link with executable bits would become a file.
GitClone::Entry::Kind kind_of(git_tree_entry const* entry) {
    using Kind = GitClone::Entry::Kind;
    switch (static_cast<unsigned>(git_tree_entry_filemode_raw(entry)) & 0170000U) {
    case 0100000U:
        return Kind::file;
    case 0040000U:
        return Kind::folder;
    case 0120000U:
        return Kind::link;
    case 0160000U:
        return Kind::submodule;
    default:
        return Kind::unknown;
    }
}

} // namespace

class GitClone::Impl {
  public:
    Result<void> open(std::filesystem::path const& place, Search search) {
        git_repository* repository = nullptr;
        unsigned const flags = search == Search::here ? unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} : 0;
        if (git_repository_open_ext(&repository, place.c_str(), flags, nullptr) != 0)
            return Error(ErrorKind::policy,
                         cat("no git clone can be read at ", place.native(), ": ", last_words()))
                .with_remedy("run in the clone, or --policy-source oci:REF@DIGEST");
        repository_.reset(repository);
        git_odb* objects = nullptr;
        if (git_repository_odb(&objects, repository) != 0)
            return Error(ErrorKind::policy,
                         cat("cannot read the objects of the clone: ", last_words()));
        objects_.reset(objects);
        return ok();
    }

    // Whether the object is there; an error when it is another type, larger or damaged.
    Result<bool> has(git_oid const& id, git_object_t type, std::size_t bytes_max) const {
        std::size_t size_bytes = 0;
        git_object_t found = GIT_OBJECT_INVALID;
        int const status = git_odb_read_header(&size_bytes, &found, objects_.get(), &id);
        if (status == GIT_ENOTFOUND)
            return false;
        if (status != 0)
            return damaged(id);
        if (found != type)
            return Error(ErrorKind::policy,
                         cat(text_of(id),
                             " is a git ",
                             git_object_type2string(found),
                             ", not a ",
                             git_object_type2string(type)));
        if (size_bytes > bytes_max)
            return Error(ErrorKind::limit,
                         cat("git object ",
                             text_of(id),
                             " has ",
                             size_bytes,
                             " bytes, at most ",
                             bytes_max));
        return true;
    }

    template <auto find, auto free_function, class T>
    Result<Owned<T, free_function>> read(git_oid const& id) const {
        T* object = nullptr;
        if (find(&object, repository_.get(), &id) != 0)
            return damaged(id);
        return Owned<T, free_function>(object);
    }

    template <auto find, auto free_function, class T>
    Result<Owned<T, free_function>>
    require(std::string_view text, git_object_t type, std::size_t bytes_max) const {
        auto const id = id_of(text);
        if (!id || !TRY(has(*id, type, bytes_max)))
            return Error(ErrorKind::policy, cat("the clone lacks the git object ", text))
                .with_remedy("fetch the commit without a --filter, or --policy-source");
        return read<find, free_function, T>(*id);
    }

    std::optional<std::string> head() const {
        git_oid id;
        if (git_reference_name_to_id(&id, repository_.get(), "HEAD") != 0)
            return std::nullopt;
        return text_of(id);
    }

  private:
    static Error damaged(git_oid const& id) {
        return {ErrorKind::integrity,
                cat("the git object ", text_of(id), " is damaged: ", last_words())};
    }

    Library library_; // outlives the others
    Owned<git_repository, git_repository_free> repository_;
    Owned<git_odb, git_odb_free> objects_;
};

bool is_commit_id(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

GitClone::GitClone(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GitClone::GitClone(GitClone&& other) noexcept = default;
GitClone& GitClone::operator=(GitClone&& other) noexcept = default;
GitClone::~GitClone() = default;

Result<GitClone> GitClone::open(std::filesystem::path const& place, Search search) {
    auto impl = std::make_unique<Impl>();
    TRY_VOID(impl->open(place, search));
    return GitClone(std::move(impl));
}

Result<std::optional<GitClone::Commit>> GitClone::commit(std::string_view text) const {
    auto const id = id_of(text);
    if (!id || !TRY(impl_->has(*id, GIT_OBJECT_COMMIT, commit_bytes_max)))
        return std::optional<Commit>();
    auto const found = TRY(impl_->read<git_commit_lookup, git_commit_free, git_commit>(*id));
    Commit commit{text_of(*git_commit_tree_id(found.get())), {}};
    for (unsigned i = 0; i < git_commit_parentcount(found.get()); ++i)
        commit.parents.push_back(text_of(*git_commit_parent_id(found.get(), i)));
    return std::optional(std::move(commit));
}

Result<std::vector<GitClone::Entry>> GitClone::tree(std::string_view id) const {
    auto const tree = TRY(impl_->require<git_tree_lookup, git_tree_free, git_tree>(
        id, GIT_OBJECT_TREE, tree_bytes_max));
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
        auto const* const entry = git_tree_entry_byindex(tree.get(), i);
        entries.push_back(
            {kind_of(entry), git_tree_entry_name(entry), text_of(*git_tree_entry_id(entry))});
    }
    return entries;
}

Result<std::string> GitClone::file(std::string_view id, std::size_t bytes_max) const {
    auto const blob = TRY(
        impl_->require<git_blob_lookup, git_blob_free, git_blob>(id, GIT_OBJECT_BLOB, bytes_max));
    auto const* const bytes = static_cast<char const*>(git_blob_rawcontent(blob.get()));
    return std::string(bytes, git_blob_rawsize(blob.get()));
}

std::optional<std::string> GitClone::head() const {
    return impl_->head();
}

} // namespace clairgate::gate
