package incidenttest

import (
	"slices"
	"strings"
)

type taskOut struct {
	IncidentID string   `json:"incidentID"`
	Task       Task     `json:"task"`
	TaskList   taskList `json:"taskList"`
}

type addTaskIn struct {
	IncidentID     string `json:"incidentID"`
	Text           string `json:"text"`
	AssignToUserID string `json:"assignToUserID"`
}

func addTask(s *Server, who *account, in addTaskIn) (taskOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return taskOut{}, err
	}
	if strings.TrimSpace(in.Text) == "" {
		return taskOut{}, invalid("text: must not be empty")
	}
	assigned, err := s.assignee(in.AssignToUserID)
	if err != nil {
		return taskOut{}, err
	}
	author := who.user
	t := Task{TaskID: s.nextID("task"), Text: in.Text, Status: "todo", CreatedTime: s.stamp(), ModifiedTime: s.stamp(), AuthorUser: &author, AssignedUser: assigned}
	r.Tasks = append(r.Tasks, t)
	s.changed(r, who, Activity{ActivityKind: "taskAdded", Body: t.Text, Immutable: true})
	return taskOut{r.ID, t, tasksOf(&r.Incident)}, nil
}

// assignee finds whom a task is for; "" is nobody.
func (s *Server) assignee(id string) (*UserPreview, error) {
	if id == "" {
		return nil, nil
	}
	u, ok := s.org.user(id)
	if !ok {
		return nil, pluginError(404, "user not found")
	}
	p := u.preview()
	return &p, nil
}

type taskIn struct {
	IncidentID string `json:"incidentID"`
	TaskID     string `json:"taskID"`
}

// task changes a task by f; those the stack made itself are immutable.
func (s *Server) task(who *account, in taskIn, kind string, f func(*Task) error) (taskOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return taskOut{}, err
	}
	at := slices.IndexFunc(r.Tasks, func(t Task) bool { return t.TaskID == in.TaskID })
	switch {
	case at < 0:
		return taskOut{}, pluginError(404, "task not found")
	case r.Tasks[at].Immutable:
		return taskOut{}, invalid("the task is immutable")
	}
	t := r.Tasks[at]
	if err := f(&t); err != nil {
		return taskOut{}, err
	}
	if t.Status == "done" && r.Tasks[at].Status != "done" {
		kind = "taskCompleted"
	}
	t.ModifiedTime = s.stamp()
	r.Tasks[at] = t
	s.changed(r, who, Activity{ActivityKind: kind, Body: t.Text, Immutable: true})
	return taskOut{r.ID, t, tasksOf(&r.Incident)}, nil
}

type taskStatusIn struct {
	taskIn
	Status string `json:"status"`
}

func updateTaskStatus(s *Server, who *account, in taskStatusIn) (taskOut, error) {
	return s.task(who, in.taskIn, "taskUpdated", func(t *Task) error {
		if !slices.Contains([]string{"todo", "progress", "done"}, in.Status) {
			return invalid("status: must be todo, progress or done, not %q", in.Status)
		}
		t.Status = in.Status
		return nil
	})
}

type taskTextIn struct {
	taskIn
	Text string `json:"text"`
}

func updateTaskText(s *Server, who *account, in taskTextIn) (taskOut, error) {
	return s.task(who, in.taskIn, "taskUpdated", func(t *Task) error {
		if strings.TrimSpace(in.Text) == "" {
			return invalid("text: must not be empty")
		}
		t.Text = in.Text
		return nil
	})
}

type taskUserIn struct {
	taskIn
	UserID string `json:"userID"`
}

func updateTaskUser(s *Server, who *account, in taskUserIn) (taskOut, error) {
	return s.task(who, in.taskIn, "taskUpdated", func(t *Task) (err error) {
		t.AssignedUser, err = s.assignee(in.UserID)
		return err
	})
}

type deleteTaskOut struct {
	IncidentID string   `json:"incidentID"`
	TaskList   taskList `json:"taskList"`
}

func deleteTask(s *Server, who *account, in taskIn) (deleteTaskOut, error) {
	out, err := s.task(who, in, "taskDeleted", func(*Task) error { return nil })
	if err != nil {
		return deleteTaskOut{}, err
	}
	r := s.record(in.IncidentID)
	r.Tasks = slices.DeleteFunc(slices.Clone(r.Tasks), func(t Task) bool { return t.TaskID == in.TaskID })
	s.remember(r)
	return deleteTaskOut{out.IncidentID, tasksOf(&r.Incident)}, nil
}
